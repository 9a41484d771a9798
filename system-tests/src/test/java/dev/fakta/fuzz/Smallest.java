// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Leaves out of a request all that may be left out while it is still wrong.
final class Smallest {

    private static final int MOST_TRIES = 300;
    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final Predicate<RawRequest> isWrong;
    private int tries;

    Smallest(Predicate<RawRequest> isWrong) {
        this.isWrong = isWrong;
    }

    RawRequest of(RawRequest request) {
        RawRequest smallest = withoutHeaders(request);
        int query = smallest.target().indexOf('?');
        if (query >= 0) {
            smallest = tried(smallest, smallest.to(smallest.target().substring(0, query)));
        }
        smallest = tried(smallest, smallest.having(new byte[0]));
        return smallest.body().length == 0 ? smallest : halves(fields(smallest));
    }

    private RawRequest tried(RawRequest known, RawRequest smaller) {
        return tries++ < MOST_TRIES && isWrong.test(smaller) ? smaller : known;
    }

    private RawRequest withoutHeaders(RawRequest request) {
        RawRequest smallest = request;
        for (RawRequest.Header one : request.headers()) {
            List<RawRequest.Header> fewer = new ArrayList<>(smallest.headers());
            fewer.remove(one);
            smallest = tried(smallest, smallest.having(fewer));
        }
        return smallest;
    }

    /// Leaves out one part after the other of a body of JSON.
    private RawRequest fields(RawRequest request) {
        RawRequest smallest = request;
        for (int part = 0; tries < MOST_TRIES; ) {
            JsonNode tree;
            try {
                tree = EXACT.readTree(smallest.body());
            } catch (JacksonException | NumberFormatException _) {
                return smallest;
            }
            if (!remove(tree, new int[] {part})) {
                return smallest;
            }
            RawRequest smaller = smallest.having(EXACT.writeValueAsString(tree).getBytes(UTF_8));
            RawRequest kept = tried(smallest, smaller);
            if (kept == smallest) {
                part++;
            }
            smallest = kept;
        }
        return smallest;
    }

    /// Removes the n-th part below.
    private static boolean remove(JsonNode node, int[] part) {
        switch (node) {
            case ObjectNode object -> {
                for (String name : List.copyOf(object.propertyNames())) {
                    if (part[0]-- == 0) {
                        object.remove(name);
                        return true;
                    }
                    if (remove(object.get(name), part)) {
                        return true;
                    }
                }
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    if (part[0]-- == 0) {
                        array.remove(i);
                        return true;
                    }
                    if (remove(array.get(i), part)) {
                        return true;
                    }
                }
            }
            default -> {} // a leaf
        }
        return false;
    }

    /// Cuts bytes off the end of what is long.
    private RawRequest halves(RawRequest request) {
        RawRequest smallest = request;
        while (smallest.body().length > 200) {
            byte[] half = Arrays.copyOf(smallest.body(), smallest.body().length / 2);
            RawRequest kept = tried(smallest, smallest.having(half));
            if (kept == smallest) {
                return smallest;
            }
            smallest = kept;
        }
        return smallest;
    }
}
