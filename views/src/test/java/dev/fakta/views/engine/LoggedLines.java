// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// The lines of one logger with certain words in them, while a test has this open.
final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final String words;

    LoggedLines(String name, String words) {
        this.logger = logger(name);
        this.words = words;
        start();
        logger.addAppender(this);
    }

    /// While another test's thread sets the logging up, there is none yet.
    private static Logger logger(String name) {
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

    boolean has(String more) {
        return lines.stream().anyMatch(line -> line.contains(more));
    }

    int count() {
        return lines.size();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
