// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.LogVerifier;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.log.VerifyReport;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Works on the log itself, while no node has it open. Changes no record. What the log holds was
/// written by anybody: it is printed through [Printable].
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Works on the embedded log of a node that does not run.")
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

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Proves that no record was altered or removed: reads all of the log.",
                "Exit status 1 and the first fault's file and byte when one was."
            })
    int verify() {
        VerifyReport report = LogVerifier.verify(directory());
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d events in %,d streams, %,d claims and %,d snapshots of %d partitions: %,d frames, %,d bytes%n",
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
                    "a crash left %,d bytes of a write that nobody was told of; the next start cuts them%n",
                    report.unfinishedBytes());
        }
        out.println(report.isSound() ? "sound" : "DAMAGED; the counts end before the damage");
        out.flush();
        report.fault().ifPresent(fault -> complain(fault.toString()));
        return report.isSound() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    @Command(
            name = "tail",
            mixinStandardHelpOptions = true,
            description = "Prints the newest records, one a line.")
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
        ArrayDeque<LogRecord> newest = new ArrayDeque<>();
        try (EventLog log = open()) {
            read(log, behind(log.heads(), most), record -> keep(newest, most, record));
        }
        PrintWriter out = spec.commandLine().getOut();
        newest.forEach(record -> out.println(LogText.line(record)));
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
                "Prints every record as a CloudEvent in JSON, one a line, in the order in which they",
                "were committed. Pure ASCII."
            })
    int export() {
        PrintWriter out = spec.commandLine().getOut();
        String source = "/" + OrdersMicrosystem.DEFINITION.name();
        try (EventLog log = open()) {
            read(
                    log,
                    Positions.start(log.partitions()),
                    record -> out.append(LogText.cloudEvent(record, source)).append('\n'));
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Path directory() {
        return data.resolve("log");
    }

    /// Never creates a log: a mistyped directory is an error.
    private EventLog open() {
        Path directory = directory();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("there is no log in " + directory);
        }
        return SegmentLog.openExisting(directory, SegmentLogSettings.defaults());
    }

    private void complain(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("fakta: " + Printable.of(what));
        err.flush();
    }

    /// Reads up to where the log ends now, or until nobody takes the output any more.
    private void read(EventLog log, Positions after, Consumer<LogRecord> each) {
        Positions heads = log.heads();
        PrintWriter out = spec.commandLine().getOut();
        try (LogReader reader = log.reader(after)) {
            while (!reader.positions().covers(heads) && !out.checkError()) {
                reader.next(CHUNK, Duration.ofSeconds(10)).forEach(each);
            }
        }
    }

    private static Positions behind(Positions heads, int most) {
        Positions start = heads;
        for (int partition : heads.partitions()) {
            start = start.with(partition, Math.max(0, heads.offset(partition) - most));
        }
        return start;
    }

    private static void keep(ArrayDeque<LogRecord> newest, int most, LogRecord record) {
        if (newest.size() == most) {
            newest.removeFirst();
        }
        newest.addLast(record);
    }
}
