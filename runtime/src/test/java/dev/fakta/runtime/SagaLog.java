// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the classes of sagas say in the log file while a test has this open.
final class SagaLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = LoggedLines.logger("dev.fakta.runtime");

    SagaLog() {
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLoggerName().contains(".Saga")) {
            lines.add(event.getFormattedMessage());
        }
    }

    List<String> having(String words) {
        return lines.stream().filter(line -> line.contains(words)).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
