// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import dev.fakta.orders.payments.provider.WebhookSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The sandbox's settings. All problems are reported at once.
///
/// @param port 0 picks a free one; it listens on loopback only
/// @param ledger the file of its ledger
/// @param secret that its webhooks are signed with
/// @param hang how long a request that times out is kept waiting
/// @param late how long what comes late takes, at most
/// @param authorizationLife how long an authorization lasts
public record SandboxSettings(
        int port,
        Path ledger,
        WebhookSecret secret,
        Duration hang,
        Duration late,
        Duration authorizationLife,
        Misbehaviours misbehaviours) {

    public SandboxSettings {
        List<String> problems = new ArrayList<>();
        require(port >= 0 && port <= 65_535, "port: 0 to 65535", problems);
        require(hang.isPositive(), "hang: longer than nothing", problems);
        require(late.isPositive(), "late: longer than nothing", problems);
        require(
                authorizationLife.isPositive(),
                "authorization-life: longer than nothing",
                problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("sandbox: " + String.join("; ", problems));
        }
    }

    private static void require(boolean holds, String otherwise, List<String> problems) {
        if (!holds) {
            problems.add(otherwise);
        }
    }

    /// A well-behaved one on a free port, whose authorizations last a week.
    public static SandboxSettings of(Path ledger, WebhookSecret secret) {
        return new SandboxSettings(
                0,
                ledger,
                secret,
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofDays(7),
                Misbehaviours.NONE);
    }

    /// The same on this port.
    public SandboxSettings onPort(int number) {
        return new SandboxSettings(
                number, ledger, secret, hang, late, authorizationLife, misbehaviours);
    }

    /// The same, misbehaving.
    public SandboxSettings misbehaving(Misbehaviours how) {
        return new SandboxSettings(port, ledger, secret, hang, late, authorizationLife, how);
    }

    /// The same with other times.
    public SandboxSettings timed(Duration hanging, Duration lateBy, Duration lasting) {
        return new SandboxSettings(port, ledger, secret, hanging, lateBy, lasting, misbehaviours);
    }
}
