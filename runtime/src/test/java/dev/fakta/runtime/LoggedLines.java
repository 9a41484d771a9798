// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// What one class says in the log file of one subject while a test has this open. Tests run side by
/// side: the words are such that only this test's subject has them.
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final String words;

    /// @param words which every line has that is kept
    public LoggedLines(String className, String words) {
        this.logger = logger(className);
        this.words = words;
        start();
        logger.addAppender(this);
    }

    /// The logger of a name. While another test's thread sets the logging up, there is none yet.
    public static Logger logger(String name) {
        while (true) {
            if (LoggerFactory.getLogger(name) instanceof Logger found) {
                return found;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getFormattedMessage();
        if (line.contains(words)) {
            lines.add(line + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    /// Whether one of the lines, or the trace behind it, has these words too.
    public boolean has(String more) {
        return lines.stream().anyMatch(line -> line.contains(more));
    }

    /// How many lines there are.
    public int count() {
        return lines.size();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
