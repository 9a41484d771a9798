// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/// Where this process spends its CPU time, from a recording that takes a sample of each thread
/// after every 10 ms of its CPU time (JDK Flight Recorder's `jdk.CPUTimeSample`, JEP 509, on
/// Linux).
///
/// A sample counts for the component whose code is nearest to the top of its stack: the time that a
/// library or the system takes is its caller's, but for the libraries that are components
/// themselves. What the process takes beyond its Java threads, for the garbage collector say, and
/// what no component claims, is `the rest`.
final class CpuProfile implements AutoCloseable {

    static final String REST = "the rest, the garbage collector among it";

    private static final String COMPILING = "compiling (JIT)";
    private static final String SAMPLE = "jdk.CPUTimeSample";

    /// By the prefix of a class's name; the first that fits.
    private static final Map<String, String> COMPONENTS = components();

    private final Recording recording = new Recording();
    private final long before = processNanos();
    private final long compiledBefore = compilingNanos();

    private static Map<String, String> components() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("dev.fakta.orders.payments.sandbox.", "sandbox provider");
        all.put("dev.fakta.benchmarks.", "load of the benchmark");
        all.put("tools.jackson.", "JSON");
        all.put("org.sqlite.", "views and indexes");
        all.put("dev.fakta.views.", "views and indexes");
        all.put("dev.fakta.runtime.sagas.", "sagas, couriers and clocks");
        all.put("dev.fakta.log.", "log");
        all.put("jdk.internal.net.http.", "HTTP client");
        all.put("java.net.http.", "HTTP client");
        all.put("io.helidon.", "HTTP server");
        all.put("dev.fakta.gateway.", "HTTP server");
        all.put("dev.fakta.orders.", "order domain");
        all.put("dev.fakta.domain.", "order domain");
        all.put("dev.fakta.runtime.", "partitions and processors");
        all.put("org.apache.pekko.", "partitions and processors");
        return all;
    }

    private CpuProfile() {
        recording.enable(SAMPLE).with("throttle", "10ms");
        recording.start();
    }

    static CpuProfile start() {
        return new CpuProfile();
    }

    private static long processNanos() {
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }

    private static long compilingNanos() {
        var compiler = ManagementFactory.getCompilationMXBean();
        return compiler == null
                ? 0
                : TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime());
    }

    /// CPU time of the process since the start, in nanoseconds, by component; the largest first.
    ///
    /// @throws IOException when the recording cannot be written or read
    Map<String, Long> stop() throws IOException {
        long all = processNanos() - before;
        long compiling = compilingNanos() - compiledBefore;
        recording.stop();
        Map<String, Long> samples = samples();
        long sampled = samples.values().stream().mapToLong(Long::longValue).sum();
        long own = Math.min(all, sampled * 10_000_000L);
        Map<String, Long> nanos = new LinkedHashMap<>();
        samples.entrySet().stream()
                .filter(one -> !one.getKey().equals(REST))
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(
                        one ->
                                nanos.put(
                                        one.getKey(), own * one.getValue() / Math.max(1, sampled)));
        nanos.put(COMPILING, compiling);
        nanos.put(REST, all - nanos.values().stream().mapToLong(Long::longValue).sum());
        return nanos;
    }

    private Map<String, Long> samples() throws IOException {
        Map<String, Long> samples = new LinkedHashMap<>();
        Path file = Files.createTempFile("fakta-profile", ".jfr");
        try {
            recording.dump(file);
            try (RecordingFile events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    RecordedEvent event = events.readEvent();
                    if (event.getEventType().getName().equals(SAMPLE)) {
                        samples.merge(component(event), 1L, Long::sum);
                    }
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return samples;
    }

    private static String component(RecordedEvent sample) {
        List<RecordedFrame> frames =
                sample.getStackTrace() == null ? List.of() : sample.getStackTrace().getFrames();
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            for (Map.Entry<String, String> one : COMPONENTS.entrySet()) {
                if (type.startsWith(one.getKey())) {
                    return one.getValue();
                }
            }
        }
        return REST;
    }

    @Override
    public void close() {
        recording.close();
    }
}
