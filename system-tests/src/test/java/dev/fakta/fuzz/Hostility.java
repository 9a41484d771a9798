// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fakta.fuzz.RawRequest.Framing;
import dev.fakta.fuzz.RawRequest.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Changes requests into such as nobody should send: their first line, headers and framing.
final class Hostility {

    private final Tokens tokens;

    Hostility(Tokens tokens) {
        this.tokens = tokens;
    }

    /// One change more.
    RawRequest change(RawRequest request, Known known, Random random) {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6 ->
                    request.having(HostileBodies.changed(request.body(), random));
            case 7, 8 -> request.to(path(request.target(), known, random));
            case 9, 10, 11 -> request.to(query(request.target(), known, random));
            case 12, 13, 14, 15 -> header(request, known, random);
            case 16 ->
                    request.by(
                            HostileWords.METHODS.get(random.nextInt(HostileWords.METHODS.size())));
            case 17 -> HostileBodies.packed(request, random);
            case 18 -> request.framed(Framing.CHUNKED);
            default -> broken(request, random);
        };
    }

    /// An `Authorization` that opens nothing.
    String authorization(String good, Random random) {
        return switch (random.nextInt(4)) {
            case 0, 1 ->
                    HostileWords.AUTHORIZATIONS.get(
                            random.nextInt(HostileWords.AUTHORIZATIONS.size()));
            case 2 -> "Bearer " + tokens.bad(random);
            default -> {
                int at = 7 + random.nextInt(good.length() - 7);
                char other = good.charAt(at) == 'x' ? 'y' : 'x';
                yield good.substring(0, at) + other + good.substring(at + 1);
            }
        };
    }

    private static String path(String target, Known known, Random random) {
        int end = (target + "?").indexOf('?');
        List<String> parts = new ArrayList<>(List.of(target.substring(0, end).split("/", -1)));
        if (parts.size() < 2) {
            return "/" + target;
        }
        int at = 1 + random.nextInt(parts.size() - 1);
        String segment = HostileWords.SEGMENTS.get(random.nextInt(HostileWords.SEGMENTS.size()));
        switch (random.nextInt(8)) {
            case 0 -> parts.add(segment);
            case 1 -> parts.remove(at);
            case 2 -> parts.add(at, segment);
            case 3 -> parts.set(at, parts.get(at).toUpperCase(java.util.Locale.ROOT));
            case 4 -> parts.set(at, parts.get(at) + segment);
            case 5 -> parts.set(at, known.any("keys", "x", random));
            default -> parts.set(Math.min(at + 1, parts.size() - 1), segment);
        }
        String path = String.join("/", parts);
        return switch (random.nextInt(40)) {
                    case 0 -> "http://127.0.0.1" + path;
                    case 1 -> "*";
                    case 2 -> path.isEmpty() ? "x" : path.substring(1);
                    case 3 -> "//evil.example" + path;
                    default -> path;
                }
                + target.substring(Math.min(end, target.length()));
    }

    private static String query(String target, Known known, Random random) {
        int end = (target + "?").indexOf('?');
        String path = target.substring(0, end);
        String query = end < target.length() ? target.substring(end + 1) : "";
        List<String> names =
                new ArrayList<>(
                        List.of(
                                "limit",
                                "after",
                                "revision",
                                "at",
                                "sort",
                                "q",
                                "from",
                                "colour",
                                "%00",
                                ""));
        List<String> pairs =
                new ArrayList<>(query.isEmpty() ? List.of() : List.of(query.split("&", -1)));
        pairs.forEach(pair -> names.add(0, pair.split("=", 2)[0]));
        String name = names.get(random.nextInt(names.size()));
        String value =
                random.nextInt(4) == 0
                        ? cursor(known.any("cursor", "1.x", random), random)
                        : HostileWords.QUERY_VALUES.get(
                                random.nextInt(HostileWords.QUERY_VALUES.size()));
        switch (random.nextInt(8)) {
            case 0 -> pairs.addAll(List.copyOf(pairs));
            case 1 -> pairs.add(name);
            case 2 -> pairs.add("&");
            case 3 -> pairs.add(name + "=" + value);
            default -> {
                pairs.removeIf(pair -> pair.startsWith(name + "="));
                pairs.add(name + "=" + value);
            }
        }
        return path + "?" + String.join("&", pairs);
    }

    /// A cursor of another list, cut off, or with another bit.
    static String cursor(String cursor, Random random) {
        StringBuilder changed = new StringBuilder(cursor);
        if (!changed.isEmpty()) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.setLength(at);
                case 1 ->
                        changed.setCharAt(at, (char) (changed.charAt(at) ^ 1 << random.nextInt(5)));
                default -> {} // of whatever list
            }
        }
        return java.net.URLEncoder.encode(changed.toString(), ISO_8859_1);
    }

    private static RawRequest header(RawRequest request, Known known, Random random) {
        String name =
                HostileWords.HEADER_NAMES.get(random.nextInt(HostileWords.HEADER_NAMES.size()));
        List<String> values = HostileWords.HEADERS.get(name);
        String value = values.get(random.nextInt(values.size()));
        RawRequest changed =
                switch (random.nextInt(12)) {
                    case 0 -> request.with("Idempotency-Key", "k1").with("Idempotency-Key", "k2");
                    case 1 ->
                            request.with("If-Match", known.any("tag", "\"1\"", random))
                                    .with("If-Match", "\"7\"");
                    case 2 ->
                            request.with(
                                    "Fakta-Token",
                                    cursor(known.any("token", "1.1", random), random));
                    case 3 -> many(request);
                    case 4 -> request.with(name, value).with(name, value);
                    default -> request.replacing(name, value);
                };
        boolean isBroken =
                name.equals("Content-Length")
                        || name.equals("Transfer-Encoding")
                        || name.equals("Expect")
                        || name.equals("Upgrade")
                        || name.equals("Connection")
                        || name.equals("Host")
                        || name.isEmpty()
                        || name.startsWith("a")
                        || name.startsWith("X");
        return isBroken && changed != request && !changed.all(name).isEmpty()
                ? withLength(changed).framed(Framing.BROKEN)
                : changed;
    }

    /// With the length that it has, unless it says another already.
    private static RawRequest withLength(RawRequest request) {
        return request.all("Content-Length").isEmpty() && request.all("Transfer-Encoding").isEmpty()
                ? request.with("Content-Length", Integer.toString(request.body().length))
                : request;
    }

    private static RawRequest many(RawRequest request) {
        List<Header> all = new ArrayList<>(request.headers());
        for (int i = 0; i < 120; i++) {
            all.add(new Header("X-" + i, "x"));
        }
        return request.having(all);
    }

    /// A body that does not end where the request says, or is no request at all.
    private static RawRequest broken(RawRequest request, Random random) {
        byte[] body = request.body();
        String text = new String(body, ISO_8859_1);
        String length = Integer.toHexString(body.length);
        RawRequest chunked = request.with("Transfer-Encoding", "chunked").framed(Framing.BROKEN);
        return switch (random.nextInt(16)) {
            case 0 -> request.framed(Framing.CUT);
            case 1 ->
                    request.with("Content-Length", "" + Math.max(0, body.length - 3))
                            .framed(Framing.BROKEN);
            case 2 ->
                    request.with("Content-Length", "" + body.length)
                            .with("Content-Length", "" + (body.length + 1))
                            .framed(Framing.BROKEN);
            case 3 -> chunked.with("Content-Length", "" + body.length);
            case 4 -> chunked.having(bytes(length + "\r\n" + text + "\r\n")); // no last chunk
            case 5 -> chunked.having(bytes("zz\r\n" + text + "\r\n0\r\n\r\n"));
            case 6 -> chunked.having(bytes("ffffffffffffffffff\r\n" + text + "\r\n0\r\n\r\n"));
            case 7 -> chunked.having(bytes("7fffffff\r\n" + text));
            case 8 -> chunked.having(bytes("-1\r\n" + text + "\r\n0\r\n\r\n"));
            case 9 -> chunked.having(bytes(length + ";a=\"b\r\n" + text + "\r\n0\r\nX: y\r\n\r\n"));
            case 10 -> chunked.having(bytes(length + "\n" + text + "\n0\n\n"));
            case 11 -> chunked.having(bytes(length + "\r\n" + text + "xx0\r\n\r\n"));
            case 12 -> chunked.having(bytes("\r\n\r\n"));
            case 13 -> request.by(request.method() + " ").framed(Framing.BROKEN);
            case 14 -> request.to(request.target() + " HTTP/0.9\r\nX:").framed(Framing.BROKEN);
            default -> request.without("Host").framed(Framing.CUT);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
