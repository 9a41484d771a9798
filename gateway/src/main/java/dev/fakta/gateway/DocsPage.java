// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// `GET /docs`: the OpenAPI document as a page that people read and try out, with Swagger UI, whose
/// files come with the program. The page asks no other host for anything, and its content security
/// policy has the browser see to that. It is as open as the document is.
///
/// Files are read when they are first asked for, and kept packed: half a megabyte.
final class DocsPage {

    static final String PATH = "/docs";
    private static final String AS_DIRECTORY = PATH + "/";
    private static final String OURS = "/dev/fakta/gateway/docs/";
    private static final String THEIRS = "/META-INF/resources/webjars/swagger-ui/";
    private static final String THEIR_VERSION =
            "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private static final List<File> FILES =
            List.of(
                    new File(PATH, "text/html", true, "index.html"),
                    new File(PATH + "/start.js", "text/javascript", true, "start.js"),
                    new File(
                            PATH + "/swagger-ui-bundle.js",
                            "text/javascript",
                            false,
                            "swagger-ui-bundle.js"),
                    new File(PATH + "/swagger-ui.css", "text/css", false, "swagger-ui.css"),
                    new File(PATH + "/favicon.png", "image/png", false, "favicon-32x32.png"));

    /// Swagger UI sets styles in elements.
    private static final Header POLICY =
            HeaderValues.createCached(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                            + " img-src 'self' data:; connect-src 'self'; base-uri 'none';"
                            + " form-action 'none'; frame-ancestors 'none'");

    private static final Header FOR_AN_HOUR =
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "max-age=3600");
    private static final Header BY_ENCODING =
            HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    private static final Header GZIP =
            HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");

    private final Map<File, byte[]> packed = new ConcurrentHashMap<>();

    /// @param isOurs whether it is ours, and not Swagger UI's
    private record File(String path, String type, boolean isOurs, String name) {}

    List<Routes.Line> lines() {
        List<Routes.Line> lines = new ArrayList<>();
        for (File file : FILES) {
            lines.add(
                    line(
                            file.path,
                            file.type,
                            (request, response) -> serve(file, request, response)));
        }
        lines.add(line(AS_DIRECTORY, "text/html", (_, response) -> sendOn(response)));
        return lines;
    }

    private static Routes.Line line(String path, String type, Route.Work work) {
        return new Routes.Line(
                new Route.Operation(Routes.Method.GET, path, type, work), RouteAccess.ANYBODY);
    }

    /// Where they are.
    static List<String> paths() {
        return Stream.concat(FILES.stream().map(File::path), Stream.of(AS_DIRECTORY)).toList();
    }

    /// The page's links are relative, and so is this one: a proxy may serve all below another path.
    private static void sendOn(ServerResponse response) {
        response.status(Status.PERMANENT_REDIRECT_308)
                .header(HeaderNames.LOCATION, ".." + PATH)
                .header(FOR_AN_HOUR)
                .send();
    }

    private void serve(File file, Request request, ServerResponse response) {
        byte[] body = packed.computeIfAbsent(file, DocsPage::read);
        boolean isPacked = Negotiation.acceptsGzip(request.http().headers());
        response.header(HeaderNames.CONTENT_TYPE, file.type).header(POLICY).header(FOR_AN_HOUR);
        response.headers().add(BY_ENCODING);
        if (isPacked) {
            response.header(GZIP);
        }
        Answers.send(request.http(), response, isPacked ? body : unpacked(body));
    }

    private static byte[] read(File file) {
        String place = file.isOurs ? OURS : THEIRS + theirVersion() + "/";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = open(place + file.name);
                GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.name, e);
        }
        return bytes.toByteArray();
    }

    private static String theirVersion() {
        Properties properties = new Properties();
        try (InputStream in = open(THEIR_VERSION)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read Swagger UI's version", e);
        }
        return properties.getProperty("version");
    }

    private static InputStream open(String resource) {
        InputStream in = DocsPage.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException(resource + " is not on the class path");
        }
        return in;
    }

    private static byte[] unpacked(byte[] body) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("it was packed here", e);
        }
    }
}
