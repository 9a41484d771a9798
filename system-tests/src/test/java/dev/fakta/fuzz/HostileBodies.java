// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Changes bodies into such as nobody should send.
final class HostileBodies {

    /// What may stand where something else belongs, as JSON.
    static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "-0",
                    "-1",
                    "1",
                    "0.1",
                    "-0.0",
                    "1.0",
                    "1e2",
                    "1e400",
                    "-1e400",
                    "1e-400",
                    "1e999999999",
                    "1e-999999999",
                    "123456789e-5",
                    "2147483647",
                    "2147483648",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775808",
                    "-9223372036854775809",
                    "4611686018427387904",
                    "1" + "0".repeat(400),
                    "0." + "3".repeat(400),
                    "9".repeat(2_000),
                    "\"\"",
                    "\" \"",
                    "\"0\"",
                    "\"-1\"",
                    "\"true\"",
                    "\"null\"",
                    "\"NaN\"",
                    "\"\\u0000\"",
                    "\"a\\u0000b\"",
                    "\"\\ud800\"",
                    "\"\\udc00\\ud800\"",
                    "\"\\ud83d\\ude42\"",
                    "\"\u00e4\u0301\u0302\u0303\"",
                    "\"\u202eabc\u202c\"",
                    "\"\u0645\u0631\u062d\u0628\u0627\"",
                    "\"\\ufeff\"",
                    "\"\\uffff\"",
                    "\"\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67\"",
                    "\"\u0130\"",
                    "\"\\r\\nSet-Cookie: a=b\"",
                    "\"\\u001b[2J\"",
                    "\"../..\"",
                    "\"/etc/passwd\"",
                    "\"' or ''='\"",
                    "\"'; drop table order_row; --\"",
                    "\"%s%n%x\"",
                    "\"${x}\"",
                    "\"%00\"",
                    "\"__proto__\"",
                    "\"<script>\"",
                    "\"" + "x".repeat(100) + "\"",
                    "\"" + "x".repeat(3_000) + "\"",
                    "\"" + "\ud83d\ude42".repeat(2_000) + "\"",
                    "[]",
                    "[null]",
                    "[[]]",
                    "{}",
                    "[1,2,3]",
                    "{\"\":0}",
                    "[{}]",
                    "{\"a\":{\"b\":null}}",
                    "{\"minor\":1,\"currency\":\"EUR\"}",
                    "{\"minor\":9223372036854775807,\"currency\":\"EUR\"}",
                    "{\"minor\":-9223372036854775808,\"currency\":\"EUR\"}",
                    "{\"minor\":0,\"currency\":\"XXX\"}",
                    "\"2020-01-01T00:00:00Z\"",
                    "\"+999999999-12-31T23:59:59Z\"",
                    "\"-999999999-01-01T00:00:00Z\"",
                    "\"9999-12-31T23:59:59.999999999Z\"",
                    "\"2020-02-30T00:00:00Z\"",
                    "\"2016-12-31T23:59:60Z\"",
                    "\"1970-01-01T00:00:00+18:00\"",
                    "\"PT1H\"",
                    "\"PT-1H\"",
                    "\"P99999999999D\"",
                    "\"PT9223372036854775807S\"",
                    "\"tea\"",
                    "\"ada\"",
                    "\"EUR\"",
                    "\"eur\"",
                    "\"TEN\"");

    private static final String SIGNS = "{}[]\",:\\u-0.e \n\0";
    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /// 64 KiB that unpack to 64 MiB.
    private static final byte[] BOMB = gzip(new byte[64 << 20]);

    private HostileBodies() {}

    static byte[] changed(byte[] body, Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> bytes(body, random);
            case 1 -> whole(body, random);
            default -> fields(body, random);
        };
    }

    /// Something else for all of it.
    private static byte[] whole(byte[] body, Random random) {
        int depth = List.of(50, 499, 501, 1_001, 20_000).get(random.nextInt(5));
        String text = new String(body, UTF_8);
        return switch (random.nextInt(14)) {
            case 0 -> new byte[0];
            case 1 -> VALUES.get(random.nextInt(VALUES.size())).getBytes(UTF_8);
            case 2 -> ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
            case 3 -> ("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)).getBytes(UTF_8);
            case 4 -> ("{\"lines\":" + "[".repeat(depth)).getBytes(UTF_8);
            case 5 -> text.getBytes(UTF_16LE);
            case 6 -> ("\ufeff" + text).getBytes(UTF_8);
            case 7 -> (text + text).getBytes(UTF_8);
            case 8 -> ("{" + "\"a\":1,".repeat(2_000) + "\"b\":2}").getBytes(UTF_8);
            case 9 ->
                    text.replaceFirst("\\{", "{\"" + "n".repeat(60_000) + "\":1,").getBytes(UTF_8);
            case 10 -> text.replaceAll(":[^,{}\\[\\]]+", ":null").getBytes(UTF_8);
            case 11 -> ("\"" + "x".repeat(1 << 20) + "\"").getBytes(UTF_8);
            case 12 -> " ".repeat(100_000).getBytes(UTF_8);
            default -> text.replace("\"", "'").getBytes(UTF_8);
        };
    }

    /// One to three changes of bytes.
    private static byte[] bytes(byte[] body, Random random) {
        byte[] changed = body;
        for (int left = 1 + random.nextInt(3); left > 0 && changed.length > 0; left--) {
            int at = random.nextInt(changed.length);
            int end = Math.min(changed.length, at + 1 + random.nextInt(8));
            changed =
                    switch (random.nextInt(5)) {
                        case 0 -> with(changed, at, random.nextInt(256));
                        case 1 -> with(changed, at, SIGNS.charAt(random.nextInt(SIGNS.length())));
                        case 2 -> Arrays.copyOf(changed, at);
                        case 3 -> join(changed, at, end);
                        default -> join(changed, end, at);
                    };
        }
        return changed;
    }

    private static byte[] with(byte[] body, int at, int value) {
        byte[] changed = body.clone();
        changed[at] = (byte) value;
        return changed;
    }

    /// What stands before `end`, then what stands from `start` on.
    private static byte[] join(byte[] body, int end, int start) {
        byte[] joined = Arrays.copyOf(body, end + body.length - start);
        System.arraycopy(body, start, joined, end, body.length - start);
        return joined;
    }

    /// One or two changes of what a body of JSON says.
    private static byte[] fields(byte[] body, Random random) {
        String marked;
        try {
            JsonNode tree = body.length == 0 ? EXACT.createObjectNode() : EXACT.readTree(body);
            if (!tree.isContainer()) {
                return bytes(body, random);
            }
            marked = changed(tree, random);
        } catch (JacksonException | NumberFormatException _) { // no JSON, or a number beyond all
            return bytes(body, random);
        }
        return marked.getBytes(UTF_8);
    }

    /// The value is put into the text, as no tree can have `-0` or half a character.
    private static String changed(JsonNode tree, Random random) {
        String mark = "@@hostile@@";
        int changes = 1 + random.nextInt(2);
        for (int i = 0; i < changes; i++) {
            change(tree, mark, random);
        }
        String text = EXACT.writeValueAsString(tree);
        while (text.contains("\"" + mark + "\"")) {
            String value = VALUES.get(random.nextInt(VALUES.size()));
            int at = text.indexOf("\"" + mark + "\"");
            text = text.substring(0, at) + value + text.substring(at + mark.length() + 2);
        }
        return text;
    }

    private static void change(JsonNode tree, String mark, Random random) {
        List<JsonNode> parents = containers(tree);
        JsonNode parent = parents.get(random.nextInt(parents.size()));
        switch (parent) {
            case ObjectNode object when object.size() > 0 -> {
                List<String> names = List.copyOf(object.propertyNames());
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(10)) {
                    case 0 -> object.remove(name);
                    case 1 -> object.put(name + "s", mark);
                    case 2 -> object.put("", mark);
                    case 3 -> object.set("id", object.get(name).deepCopy());
                    default -> object.put(name, mark);
                }
            }
            case ArrayNode array when array.size() > 0 && random.nextInt(4) == 0 -> {
                JsonNode first = array.get(0);
                for (int left = random.nextInt(3) == 0 ? 1_500 : 1; left > 0; left--) {
                    array.add(first.deepCopy());
                }
            }
            case ArrayNode array -> array.insert(random.nextInt(array.size() + 1), mark);
            case ObjectNode object -> object.put("more", mark);
            default -> throw new IllegalStateException("no container: " + parent);
        }
    }

    private static List<JsonNode> containers(JsonNode node) {
        List<JsonNode> found = new ArrayList<>();
        if (node.isContainer()) {
            found.add(node);
            node.forEach(child -> found.addAll(containers(child)));
        }
        return found;
    }

    /// The request with its body packed, mostly wrongly.
    static RawRequest packed(RawRequest request, Random random) {
        byte[] good = gzip(request.body());
        byte[] packed =
                switch (random.nextInt(7)) {
                    case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
                    case 1 -> with(good, random.nextInt(good.length), random.nextInt(256));
                    case 2 -> BOMB;
                    case 3 -> gzip(good);
                    case 4 -> request.body();
                    case 5 -> Arrays.copyOf(good, good.length + 10);
                    default -> good;
                };
        String name =
                List.of(
                                "gzip",
                                "gzip",
                                "gzip",
                                "x-gzip",
                                "br",
                                "deflate",
                                "gzip, gzip",
                                "identity, gzip",
                                "")
                        .get(random.nextInt(9));
        return request.having(packed).replacing("Content-Encoding", name);
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
