// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

/// Tells texts that can be an e-mail address from such that cannot. Whether mail arrives there is
/// for a mail to find out; so this refuses slips, not the rare forms that the standards allow and
/// nobody has (quotes, comments, addresses of hosts).
final class EmailAddress {

    static final int LONGEST = 254; // RFC 5321: a path of 256 with its brackets
    private static final int LONGEST_LOCAL_PART = 64;
    private static final int LONGEST_LABEL = 63;
    private static final String ATOM_SIGNS = "!#$%&'*+-/=?^_`{|}~";

    private EmailAddress() {}

    static boolean isPlausible(String text) {
        int at = text.lastIndexOf('@');
        return at >= 1
                && at <= LONGEST_LOCAL_PART
                && text.length() <= LONGEST
                && isLocalPart(text, at)
                && isDomain(text, at + 1);
    }

    private static boolean isLocalPart(String text, int end) {
        char previous = '.';
        for (int index = 0; index < end; index++) {
            char one = text.charAt(index);
            boolean legal = one == '.' ? previous != '.' : isAtom(one);
            if (!legal) {
                return false;
            }
            previous = one;
        }
        return previous != '.';
    }

    /// Two labels or more.
    private static boolean isDomain(String text, int start) {
        int labels = 0;
        int labelStart = start;
        for (int index = start; index <= text.length(); index++) {
            if (index == text.length() || text.charAt(index) == '.') {
                if (!isLabel(text, labelStart, index)) {
                    return false;
                }
                labels++;
                labelStart = index + 1;
            }
        }
        return labels >= 2;
    }

    private static boolean isLabel(String text, int start, int end) {
        if (start == end || end - start > LONGEST_LABEL) {
            return false;
        }
        for (int index = start; index < end; index++) {
            char one = text.charAt(index);
            if (!isLetterOrDigit(one) && (one != '-' || index == start || index == end - 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAtom(char one) {
        return isLetterOrDigit(one) || ATOM_SIGNS.indexOf(one) >= 0;
    }

    /// Letters of any script: addresses may be international (RFC 6531).
    private static boolean isLetterOrDigit(char one) {
        return (one >= 'a' && one <= 'z')
                || (one >= '0' && one <= '9')
                || (one >= 'A' && one <= 'Z')
                || (one > 127 && (Character.isLetterOrDigit(one) || Character.isSurrogate(one)));
    }
}
