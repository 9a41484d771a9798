// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `If-Match` or `If-None-Match` lists (RFC 9110, section 8.8.3). The tag of an aggregate at
/// revision 7 is `"7"`; a list may have tags of others, which match nothing here.
///
/// @param isAny whether it is `*`, which whatever exists matches
record EntityTags(boolean isAny, List<Tag> tags) {

    private static final Pattern TAG =
            Pattern.compile("(W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*)\"[ \t]*(?:,|$)");

    /// A revision as clients write it that are careless of the quotes.
    private static final Pattern BARE = Pattern.compile("[0-9]{1,18}");

    private static final Pattern REVISION = Pattern.compile("0|[1-9][0-9]{0,17}");

    EntityTags {
        tags = List.copyOf(tags);
    }

    record Tag(boolean isWeak, String text) {}

    /// @param field the header
    /// @throws ProblemException 400 when it is no list of tags
    static EntityTags parse(String field, String header) {
        String text = header.strip();
        if (text.equals("*")) {
            return new EntityTags(true, List.of());
        }
        if (BARE.matcher(text).matches()) {
            return new EntityTags(false, List.of(new Tag(false, text)));
        }
        List<Tag> tags = new ArrayList<>();
        Matcher tag = TAG.matcher(text);
        for (int at = begin(text, 0); at < text.length(); at = begin(text, tag.end())) {
            if (!tag.region(at, text.length()).lookingAt()) {
                throw unreadable(field);
            }
            tags.add(new Tag(tag.group(1) != null, tag.group(2)));
        }
        if (tags.isEmpty()) {
            throw unreadable(field);
        }
        return new EntityTags(false, tags);
    }

    private static ProblemException unreadable(String field) {
        return new ProblemException(
                Problem.unreadable(field, "\"*\", or revisions in quotes, as an ETag has them"));
    }

    /// Where the next tag begins: a list may have empty places.
    private static int begin(String text, int from) {
        int at = from;
        while (at < text.length() && ", \t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    /// The strong comparison, which `If-Match` asks for.
    ///
    /// @param revision of an aggregate; 0 when there is none
    boolean matchStrongly(long revision) {
        return revision > 0 && (isAny || tags.contains(new Tag(false, Long.toString(revision))));
    }

    /// The weak comparison, which `If-None-Match` asks for.
    ///
    /// @param revision of an aggregate; 0 when there is none
    boolean matchWeakly(long revision) {
        return matchStrongly(revision)
                || revision > 0 && tags.contains(new Tag(true, Long.toString(revision)));
    }

    /// Whether a tag is among them, weak or not.
    ///
    /// @param tag in its quotes
    boolean has(String tag) {
        String text = tag.substring(1, tag.length() - 1);
        return isAny || tags.stream().anyMatch(one -> one.text().equals(text));
    }

    /// The revisions that match strongly.
    List<Long> revisions() {
        return tags.stream()
                .filter(tag -> !tag.isWeak() && REVISION.matcher(tag.text()).matches())
                .map(tag -> Long.parseLong(tag.text()))
                .toList();
    }
}
