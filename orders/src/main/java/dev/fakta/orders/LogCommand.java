// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.JoinedLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.LogVerifier;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.log.VerifyReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Works on the logs themselves, while no node has them open. Changes no record. What a log holds
/// was written by anybody: it is printed through [Printable].
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Works on the embedded logs of a node that does not run.")
final class LogCommand {

    private static final int CHUNK = 1_000;

    @Spec private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            scope = ScopeType.INHERIT,
            description = "what the node was run with (default: ${DEFAULT-VALUE})")
    private Path data;

    @Option(
            names = "--microsystem",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "only the log of this one (default: all of them, one after the other)")
    private @Nullable String only;

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Proves that no record was altered or removed: reads all of the log.",
                "Exit status 1 and the first fault's file and byte when one was."
            })
    int verify() {
        List<String> damaged = new ArrayList<>();
        PrintWriter out = spec.commandLine().getOut();
        for (String microsystem : microsystems()) {
            VerifyReport report = LogVerifier.verify(directory().resolve(microsystem));
            print(microsystem, report);
            report.fault()
                    .ifPresent(
                            fault -> {
                                damaged.add(microsystem);
                                complain(fault.toString());
                            });
        }
        out.println(
                damaged.isEmpty()
                        ? "sound"
                        : "DAMAGED: %s; the counts end before the damage"
                                .formatted(String.join(", ", damaged)));
        out.flush();
        return damaged.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void print(String microsystem, VerifyReport report) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: %,d events in %,d streams, %,d claims and %,d snapshots of %d partitions: %,d frames, %,d bytes%n",
                microsystem,
                report.events(),
                report.streams(),
                report.claims(),
                report.snapshots(),
                report.partitions(),
                report.frames(),
                report.bytes());
        if (report.unfinishedBytes() > 0) {
            out.printf(
                    Locale.ROOT,
                    "%s: a crash left %,d bytes of a write that nobody was told of; the next start cuts them%n",
                    microsystem,
                    report.unfinishedBytes());
        }
    }

    @Command(
            name = "tail",
            mixinStandardHelpOptions = true,
            description = "Prints the newest records, one a line, those of several logs by time.")
    int tail(
            @Option(
                            names = "-n",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "how many (default: ${DEFAULT-VALUE})")
                    int most) {
        if (most < 1) {
            throw new ParameterException(
                    spec.subcommands().get("tail"), "-n: 1 or more, not " + most);
        }
        List<Deque<LogRecord>> newest = new ArrayList<>();
        try (JoinedLog log = open()) {
            for (JoinedLog.Part part : parts(log)) {
                Deque<LogRecord> own = new ArrayDeque<>();
                read(log, part, behind(heads(log, part), most), record -> keep(own, most, record));
                newest.add(own);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        merged(newest, most).forEach(record -> out.println(LogText.line(record)));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the events of one stream, oldest first.")
    int show(
            @Parameters(paramLabel = "STREAM", description = "as tail names it, such as order/ID")
                    String stream) {
        PrintWriter out = spec.commandLine().getOut();
        long shown = 0;
        try (EventLog log = open()) {
            List<EventRecord> events = log.readStream(stream, 1, CHUNK);
            while (!events.isEmpty() && !out.checkError()) {
                events.forEach(event -> out.println(LogText.full(event)));
                shown += events.size();
                events = log.readStream(stream, shown + 1, CHUNK);
            }
        }
        out.flush();
        if (shown == 0) {
            complain("the log has no stream " + stream);
        }
        return shown > 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = {
                "Prints every record as a CloudEvent in JSON, one a line: one log after the other, each",
                "in the order in which its records were committed. Pure ASCII."
            })
    int export() {
        PrintWriter out = spec.commandLine().getOut();
        try (JoinedLog log = open()) {
            for (JoinedLog.Part part : parts(log)) {
                String source = "/" + part.microsystem();
                read(
                        log,
                        part,
                        part.start(),
                        record -> out.append(LogText.cloudEvent(record, source)).append('\n'));
            }
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Path directory() {
        return data.resolve("log");
    }

    /// Those that are asked for, of those that have a log there.
    private List<String> microsystems() {
        List<String> all = LogDirectory.microsystems(directory());
        String wanted = only;
        if (wanted == null) {
            return all;
        }
        if (!all.contains(wanted)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--microsystem: one of %s, not %s"
                            .formatted(String.join(", ", all), Printable.of(wanted)));
        }
        return List.of(wanted);
    }

    /// Never creates a log: a mistyped directory is an error.
    private JoinedLog open() {
        return LogDirectory.openExisting(
                directory(), OrderManagement.MICROSYSTEMS.streams(), SegmentLogSettings.defaults());
    }

    private List<JoinedLog.Part> parts(JoinedLog log) {
        List<String> wanted = microsystems();
        return log.parts().stream().filter(part -> wanted.contains(part.microsystem())).toList();
    }

    private void complain(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("fakta: " + Printable.of(what));
        err.flush();
    }

    /// Reads up to where a microsystem's log ends now, or until nobody takes the output any more.
    private void read(
            JoinedLog log, JoinedLog.Part part, Positions after, Consumer<LogRecord> each) {
        Positions heads = heads(log, part);
        PrintWriter out = spec.commandLine().getOut();
        try (LogReader reader = log.reader(after)) {
            while (!reader.positions().covers(heads) && !out.checkError()) {
                reader.next(CHUNK, Duration.ofSeconds(10)).forEach(each);
            }
        }
    }

    private static Positions heads(JoinedLog log, JoinedLog.Part part) {
        return log.heads().within(part.first(), part.first() + part.log().partitions());
    }

    private static Positions behind(Positions heads, int most) {
        Positions start = heads;
        for (int partition : heads.partitions()) {
            start = start.with(partition, Math.max(0, heads.offset(partition) - most));
        }
        return start;
    }

    private static void keep(Deque<LogRecord> newest, int most, LogRecord record) {
        if (newest.size() == most) {
            newest.removeFirst();
        }
        newest.addLast(record);
    }

    /// The newest of several logs, by time; those of one stay in the order of their commits.
    private static Deque<LogRecord> merged(List<Deque<LogRecord>> logs, int most) {
        Deque<LogRecord> merged = new ArrayDeque<>();
        PriorityQueue<Deque<LogRecord>> next =
                new PriorityQueue<>(Comparator.comparingLong(log -> log.element().time()));
        logs.stream().filter(log -> !log.isEmpty()).forEach(next::add);
        while (!next.isEmpty()) {
            Deque<LogRecord> log = next.remove();
            keep(merged, most, log.remove());
            if (!log.isEmpty()) {
                next.add(log);
            }
        }
        return merged;
    }
}
