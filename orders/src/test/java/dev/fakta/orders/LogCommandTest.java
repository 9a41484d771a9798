// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Fakta;
import dev.fakta.log.EventLog;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.log.Writer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./fakta log` on a real log.
class LogCommandTest {

    private static final long TIME = HybridTime.of(Instant.parse("2026-11-01T10:15:30.123Z"));
    private static final UUID ID = UUID.fromString("0192f1d5-3a7c-4b1e-8e1f-5b1c2d3e4f50");

    @TempDir Path data;

    /// What a command printed, and its exit status.
    private record Run(int status, List<String> out, List<String> err) {}

    private Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        CommandLine command = Fakta.commandLine(new LogCommand());
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(all.toArray(String[]::new));
        return new Run(status, out.toString().lines().toList(), err.toString().lines().toList());
    }

    private EventLog open() {
        return LogDirectory.open(
                data.resolve("log"),
                OrderManagement.MICROSYSTEMS.streams(),
                SegmentLogSettings.defaults());
    }

    /// Appends events to one stream from revision 1, each with one of the payloads.
    private void record(String stream, String name, String actor, String... payloads) {
        try (EventLog log = open()) {
            Writer writer = log.claim(log.partitionOf(stream), "node-1");
            List<NewEvent> events = new ArrayList<>();
            for (String payload : payloads) {
                Metadata why = new Metadata(ID, ID, 0, ID, ID, actor, "", TIME);
                int revision = events.size() + 1;
                events.add(new NewEvent(stream, revision, name, 1, payload.getBytes(UTF_8), why));
            }
            long _ = writer.append(events).toCompletableFuture().join();
        }
    }

    private void recordNotes(int number) {
        String[] payloads = new String[number];
        for (int i = 0; i < number; i++) {
            payloads[i] = "{\"text\":\"note %d\"}".formatted(i + 1);
        }
        record("order/1", "order-note-added", "ada", payloads);
    }

    @Nested
    final class Verify {
        @Test
        void a_sound_log_is_counted_and_called_sound() {
            recordNotes(3);
            Run run = run("verify");
            assertThat(run.status()).isZero();
            assertThat(run.out().getFirst())
                    .startsWith(
                            "orders: 3 events in 1 streams, 1 claims and 0 snapshots of 64 partitions");
            assertThat(run.out()).last().isEqualTo("sound");
            assertThat(run.err()).isEmpty();
        }

        @Test
        void one_changed_bit_is_found_with_file_and_byte() throws IOException {
            recordNotes(3);
            Path segment = data.resolve("log/orders/0000000001.segment");
            byte[] bytes = Files.readAllBytes(segment);
            int at = new String(bytes, ISO_8859_1).indexOf("note 2");
            bytes[at] ^= 1;
            Files.write(segment, bytes);
            Run run = run("verify");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).last().asString().startsWith("DAMAGED: orders;");
            assertThat(run.err())
                    .singleElement()
                    .asString()
                    .startsWith("fakta: ")
                    .contains("in " + segment)
                    .containsPattern("at byte \\d+");
        }
    }

    @Nested
    final class Tail {
        @Test
        void the_newest_records_come_one_a_line_the_newest_last() {
            recordNotes(30);
            Run run = run("tail");
            assertThat(run.status()).isZero();
            assertThat(run.out()).hasSize(20);
            assertThat(run.out()).first().asString().endsWith("order/1 11 order-note-added");
            assertThat(run.out())
                    .last()
                    .asString()
                    .contains(" 2026-11-01T10:15:30.123Z ")
                    .endsWith("order/1 30 order-note-added");
            assertThat(run("tail", "-n", "2").out()).hasSize(2);
        }

        @Test
        void the_newest_of_several_partitions_are_the_newest_of_all() {
            for (int i = 1; i <= 9; i++) {
                record("order/" + i, "order-note-added", "", "{}");
            }
            List<String> out = run("tail", "-n", "3").out();
            assertThat(out.get(0)).endsWith("order/8 1 order-note-added");
            assertThat(out.get(1)).endsWith("claim, epoch 1, by node-1");
            assertThat(out.get(2)).endsWith("order/9 1 order-note-added");
        }

        @Test
        void no_records_are_wrong_usage() {
            recordNotes(1);
            assertThat(run("tail", "-n", "0").status()).isEqualTo(2);
        }
    }

    @Nested
    final class Show {
        @Test
        void a_stream_is_printed_with_metadata_and_payload() {
            recordNotes(2);
            Run run = run("show", "order/1");
            assertThat(run.status()).isZero();
            assertThat(run.out())
                    .contains(
                            "1 order-note-added (schema version 1)",
                            "2 order-note-added (schema version 1)",
                            "  command      " + ID,
                            "  actor        ada",
                            "  \"text\" : \"note 2\"");
        }

        @Test
        void an_unknown_stream_is_an_error() {
            recordNotes(1);
            Run run = run("show", "order/2\u001b[2J");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).containsExactly("fakta: the log has no stream order/2\\u001b[2J");
        }
    }

    @Nested
    final class Export {
        @Test
        void every_record_is_one_cloud_event_without_a_gap_in_positions() {
            recordNotes(2);
            Run run = run("export");
            assertThat(run.status()).isZero();
            List<JsonNode> events = run.out().stream().map(JsonMapper.shared()::readTree).toList();
            String first = events.getFirst().path("position").asString();
            String partition = first.substring(0, first.indexOf('.'));
            assertThat(events)
                    .extracting(event -> event.path("position").asString())
                    .containsExactly(partition + ".1", partition + ".2", partition + ".3");
            assertThat(events.getFirst().path("type").asString())
                    .isEqualTo("fakta.partition-claimed");
            JsonNode last = events.getLast();
            assertThat(last.path("specversion").asString()).isEqualTo("1.0");
            assertThat(last.path("source").asString()).isEqualTo("/orders");
            assertThat(last.path("id").asString()).isEqualTo(ID.toString());
            assertThat(last.path("type").asString()).isEqualTo("order-note-added");
            assertThat(last.path("subject").asString()).isEqualTo("order/1");
            assertThat(last.path("revision").asLong()).isEqualTo(2);
            assertThat(last.path("time").asString()).isEqualTo("2026-11-01T10:15:30.123Z");
            assertThat(last.at("/data/text").asString()).isEqualTo("note 2");
        }

        @Test
        void it_is_ascii_and_loses_nothing() {
            String text = "Åsa 🙂 \u009b31m\u202e \u007f";
            record("order/1", "noted", text, "{\"text\":\"%s\",\"n\":1.10}".formatted(text));
            String line = run("export").out().getLast();
            assertThat(line).matches("[ -~]+");
            JsonNode event = JsonMapper.shared().readTree(line);
            assertThat(event.at("/data/text").asString()).isEqualTo(text);
            assertThat(event.path("actor").asString()).isEqualTo(text);
            assertThat(line).contains("1.10");
        }

        @Test
        void a_payload_that_is_not_json_is_exported_as_bytes() {
            record("order/1", "noted", "", "{oops", "");
            List<String> out = run("export").out();
            JsonNode event = JsonMapper.shared().readTree(out.get(1));
            assertThat(event.path("data_base64").asString()).isEqualTo("e29vcHM=");
            assertThat(event.has("data")).isFalse();
            assertThat(JsonMapper.shared().readTree(out.get(2)).path("data_base64").asString())
                    .isEmpty();
        }
    }

    @Nested
    final class Several_microsystems {
        @Test
        void all_are_verified_each_on_a_line() {
            recordNotes(2);
            record("product/tea", "product-listed", "", "{}");
            List<String> out = run("verify").out();
            assertThat(out).hasSize(8).last().isEqualTo("sound");
            assertThat(out.get(0)).startsWith("orders: 2 events");
            assertThat(out.get(1)).startsWith("catalog: 1 events");
            assertThat(out.get(4)).startsWith("shipping: 0 events");
            assertThat(out.get(5)).startsWith("api-keys: 0 events");
            assertThat(out.get(6)).startsWith("webhooks: 0 events");
        }

        @Test
        void an_option_narrows_to_one() {
            recordNotes(2);
            record("product/tea", "product-listed", "", "{}");
            assertThat(run("verify", "--microsystem", "catalog").out()).hasSize(2);
            assertThat(run("tail", "--microsystem", "catalog").out())
                    .hasSize(2)
                    .last()
                    .asString()
                    .endsWith("product/tea 1 product-listed");
            assertThat(run("export", "--microsystem", "catalog").out())
                    .hasSize(2)
                    .allMatch(line -> line.contains("\"source\":\"/catalog\""));
            Run wrong = run("tail", "--microsystem", "stock");
            assertThat(wrong.status()).isEqualTo(2);
            assertThat(wrong.err()).first().asString().contains("one of orders, catalog");
        }

        @Test
        void the_newest_of_all_are_shown_by_time() {
            record("product/tea", "product-listed", "", "{}");
            recordNotes(1);
            assertThat(run("tail", "-n", "3").out()).hasSize(3);
            assertThat(run("tail").out())
                    .hasSize(4)
                    .filteredOn(line -> line.contains("claim"))
                    .hasSize(2);
        }
    }

    @Nested
    final class Untrusted {
        @Test
        void nothing_in_the_log_can_drive_the_terminal() {
            String evil = "a\u001b]0;owned\u0007\u009b2J\r\n1 forged\u202e";
            record("order/" + evil, evil, evil, "{\"text\":\"\u009b2J\u007f\u202e\"}");
            for (Run run : List.of(run("tail"), run("show", "order/" + evil), run("export"))) {
                assertThat(run.status()).isZero();
                assertThat(run.out()).isNotEmpty().noneMatch(line -> line.startsWith("1 forged"));
                assertThat(String.join("", run.out()))
                        .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u202e]");
            }
        }
    }

    @Nested
    final class Without_a_log {
        @Test
        void a_log_in_use_is_one_line_of_error() {
            recordNotes(1);
            try (EventLog _ = open()) {
                for (String[] command :
                        new String[][] {{"verify"}, {"tail"}, {"show", "order/1"}, {"export"}}) {
                    Run run = run(command);
                    assertThat(run.status()).isEqualTo(1);
                    assertThat(run.out()).isEmpty();
                    assertThat(run.err()).singleElement().asString().contains("is open in");
                }
            }
        }

        @Test
        void a_directory_without_a_log_is_an_error_and_stays_as_it_is() {
            for (String[] command :
                    new String[][] {{"verify"}, {"tail"}, {"show", "order/1"}, {"export"}}) {
                Run run = run(command);
                assertThat(run.status()).isEqualTo(1);
                assertThat(run.err()).singleElement().asString().contains("log in ");
            }
            assertThat(data).isEmptyDirectory();
        }
    }
}
