// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.postgres.LogPlaces;
import dev.fakta.postgres.SharedSecrets;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line's options for serving a microsystem on this machine.
public final class ServeOptions {

    /// What an importer may do: give fields that only an import may give.
    public static final String IMPORT = "import";

    private static final Set<Role> NEEDED_ALONE =
            EnumSet.of(Role.GATEWAY, Role.PROCESSOR, Role.AGGREGATE);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "HTTP port; 0 picks a free one (default: ${DEFAULT-VALUE})",
            defaultValue = "8080")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "address to bind to (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1")
    private String host;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where log and views are kept (default: ${DEFAULT-VALUE})",
            defaultValue = "data")
    private Path data;

    @Option(
            names = "--trusted",
            description =
                    "let whoever reaches the port do everything without credentials; loopback only")
    private boolean isTrusted;

    @Option(
            names = "--admin-key-file",
            paramLabel = "FILE",
            description =
                    "the key of administrators, 32 characters or more; the same for all nodes of a cluster (default: DIR/admin.key, made and shown at the first start; a cluster's nodes take that of the first one)")
    private @Nullable Path adminKeyFile;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description =
                    "serve HTTPS: the certificate, and behind it those of who issued it, in PEM (with --tls-key). Both files are read again when they change")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description =
                    "the certificate's private key, in PEM, which its owner and the owner's group alone may read")
    private @Nullable Path certificateKey;

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description =
                    "let pages of this origin use the server from a browser, such as https://shop.example; may be given again (default: none)")
    private List<String> origins = List.of();

    @Option(
            names = "--insecure-http",
            description =
                    "serve an address that other machines reach, though keys and data are sent unencrypted: something in front of it has to encrypt")
    private boolean isInsecure;

    @Option(
            names = "--roles",
            paramLabel = "ROLES",
            description = "what it hosts, of (default: ${DEFAULT-VALUE})",
            defaultValue = "gateway,processor,aggregate,view,saga")
    private String roles;

    @Option(
            names = "--rate-limit",
            paramLabel = "WHO=N/TIME",
            split = ",",
            description =
                    "how many requests each caller of a role may send in a time, as in customer=100/60s; anybody is who has no role, by address (default: as many as it likes)")
    private List<String> rateLimits = List.of();

    @Option(
            names = "--longest-backlog",
            paramLabel = "SECONDS",
            description =
                    "answer 503 to new work, such as an order, while what is underway would take longer than this, 1 to 3600 (default: ${DEFAULT-VALUE})",
            defaultValue = "5")
    private int longestBacklog;

    @ArgGroup(exclusive = false, heading = "An issuer of tokens:%n")
    private @Nullable JwtOptions jwt;

    @ArgGroup(exclusive = false, heading = "Traces:%n")
    private OtlpOptions otlp = new OtlpOptions();

    @ArgGroup(exclusive = false, heading = "Webhooks:%n")
    private WebhookOptions webhooks = new WebhookOptions();

    @ArgGroup(exclusive = false, heading = "A node of a cluster:%n")
    private @Nullable ClusterOptions cluster;

    /// Trusts callers, as `--trusted` does.
    public void trust() {
        isTrusted = true;
    }

    public Path data() {
        return data;
    }

    /// Whether the node is the whole system, on the embedded log.
    public boolean isAlone() {
        return cluster == null;
    }

    /// The key of administrators; `null` of servers that trust their callers.
    @Nullable AdminKey adminKey(Microsystems microsystems) {
        try {
            return isTrusted ? null : AdminKey.open(this, microsystems);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--admin-key-file: " + e.getMessage(), e);
        }
    }

    @Nullable Path adminKeyFile() {
        return adminKeyFile;
    }

    /// How the node takes part in a cluster; `null` when it is alone, on the embedded log.
    @Nullable ClusterOptions cluster() {
        return cluster;
    }

    /// What the node hosts.
    Set<Role> roles() {
        Set<Role> hosted;
        try {
            hosted = Role.parse(roles);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--roles: " + e.getMessage());
        }
        if (isAlone() && !hosted.containsAll(NEEDED_ALONE)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--roles: a node that is alone needs gateway, processor and aggregate");
        }
        return hosted;
    }

    GatewaySettings gateway() {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port: 0 to 65535, not " + port);
        }
        if (isTrusted && !isLoopback()) {
            throw new ParameterException(
                    spec.commandLine(), "--trusted: only on a loopback address, not " + host);
        }
        HttpsFiles https = https();
        if (https == null && !isInsecure && !isLoopback()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--host: other machines would send their keys to %s unencrypted: give --tls-certificate and --tls-key, or serve 127.0.0.1 behind something that encrypts, or say --insecure-http when it is elsewhere"
                            .formatted(host));
        }
        for (String origin : origins) {
            if (!Cors.isOrigin(origin)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--cors-origin: such as https://shop.example, not " + origin);
            }
        }
        GatewaySettings settings =
                GatewaySettings.onLoopback(port).withHost(host).withOrigins(origins);
        if (longestBacklog < 1 || longestBacklog > 3_600) {
            throw new ParameterException(
                    spec.commandLine(), "--longest-backlog: 1 to 3600, not " + longestBacklog);
        }
        settings = settings.withLongestBacklog(Duration.ofSeconds(longestBacklog));
        for (RateLimit limit : limits()) {
            settings = settings.withRateLimit(limit);
        }
        if (https != null) {
            settings = settings.withHttps(https);
        }
        return isTrusted ? settings.trusting() : settings;
    }

    private List<RateLimit> limits() {
        try {
            return rateLimits.stream().map(RateLimit::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--rate-limit: " + e.getMessage(), e);
        }
    }

    private @Nullable HttpsFiles https() {
        if (certificate != null && certificateKey != null) {
            return HttpsFiles.of(certificate, certificateKey);
        }
        if (certificate != null || certificateKey != null) {
            throw new ParameterException(
                    spec.commandLine(), "--tls-certificate and --tls-key come together");
        }
        return null;
    }

    /// Takes the tokens of an issuer; `null` when there is none.
    @Nullable JwtAuthenticator jwt() {
        JwtOptions named = jwt;
        try {
            return named == null ? null : JwtAuthenticator.of(named.settings());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /// Where traces go; `null` when none are made.
    @Nullable OtlpTraces traces(Microsystems microsystems) {
        ClusterOptions named = cluster;
        try {
            return otlp.open(microsystems.name(), named == null ? "alone" : named.name());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /// How webhooks are delivered.
    WebhookSettings webhooks(Microsystems microsystems) {
        try {
            return webhooks.settings(this, microsystems);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--webhook-key: " + e.getMessage(), e);
        }
    }

    /// With those that this node hosts.
    Microsystems here(Microsystems all) {
        ClusterOptions named = cluster;
        try {
            return named == null ? all : named.here(all);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--microsystems: " + e.getMessage());
        }
    }

    /// Where the logs are; `null` when they are embedded.
    @Nullable LogPlaces places(Microsystems microsystems) {
        ClusterOptions named = cluster;
        if (named == null) {
            return null;
        }
        try {
            return named.places(microsystems);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--postgres: " + e.getMessage());
        }
    }

    /// A secret that the nodes of the cluster have in common, in the database that is the home of
    /// their logs; empty when the node is alone.
    ///
    /// @param microsystems all of the program
    /// @param fresh makes one, when there is none of this name yet
    public Optional<byte[]> sharedSecret(
            String name, Microsystems microsystems, Supplier<byte[]> fresh) {
        LogPlaces places = places(here(microsystems));
        return places == null
                ? Optional.empty()
                : Optional.of(SharedSecrets.of(places.home(), name, fresh));
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            throw new ParameterException(spec.commandLine(), "--host: no such address: " + host);
        }
    }
}
