// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.Arrays;
import java.util.TreeMap;

/// Offsets by partition: where a reader stands, what a view has applied, what a caller has seen.
/// Immutable. A partition that is not named counts as offset 0 in comparisons.
///
/// Written `3.17,9.204`: partition 3 up to offset 17, partition 9 up to 204; empty for none.
public final class Positions {

    /// No partition.
    public static final Positions NONE = new Positions(new int[0], new long[0]);

    /// How many partitions a token has as text: more are packed.
    private static final int READABLE = 8;

    private final int[] partitions; // ascending
    private final long[] offsets;

    private Positions(int[] partitions, long[] offsets) {
        this.partitions = partitions;
        this.offsets = offsets;
    }

    /// One partition up to an offset.
    public static Positions of(int partition, long offset) {
        return new Positions(new int[] {partition}, new long[] {offset});
    }

    /// The positions in arrays that the caller does not change afterwards; `partitions` ascend.
    static Positions ofOwned(int[] partitions, long[] offsets) {
        return new Positions(partitions, offsets);
    }

    /// Partition `partitions[i]` up to `offsets[i]`, for all of them.
    ///
    /// @throws IllegalArgumentException when the partitions do not ascend
    public static Positions ofEach(int[] partitions, long[] offsets) {
        for (int i = 1; i < partitions.length; i++) {
            if (partitions[i - 1] >= partitions[i]) {
                throw new IllegalArgumentException("the partitions do not ascend");
            }
        }
        return new Positions(partitions.clone(), Arrays.copyOf(offsets, partitions.length));
    }

    /// Partition `i` up to `offsets[i]`, for all of them.
    public static Positions ofAll(long[] offsets) {
        int[] partitions = new int[offsets.length];
        Arrays.setAll(partitions, i -> i);
        return new Positions(partitions, offsets.clone());
    }

    /// All of a log's partitions from the beginning.
    public static Positions start(int partitions) {
        return ofAll(new long[partitions]);
    }

    /// Reads what [#toString] or [#token] writes.
    ///
    /// @throws IllegalArgumentException when the text is something else
    public static Positions parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        if (text.startsWith(CompactPositions.MARK)) {
            return CompactPositions.read(text);
        }
        TreeMap<Integer, Long> all = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            int dot = part.indexOf('.');
            try {
                int partition = Integer.parseInt(part.substring(0, Math.max(dot, 0)));
                long offset = Long.parseLong(part.substring(dot + 1));
                if (partition < 0 || offset < 0) {
                    throw new NumberFormatException();
                }
                all.put(partition, offset);
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException(
                        "positions are written PARTITION.OFFSET,PARTITION.OFFSET …");
            }
        }
        return new Positions(
                all.keySet().stream().mapToInt(Integer::intValue).toArray(),
                all.values().stream().mapToLong(Long::longValue).toArray());
    }

    /// These positions as a text for a header: readable for a few partitions, short for many.
    public String token() {
        return partitions.length <= READABLE
                ? toString()
                : CompactPositions.write(partitions, offsets);
    }

    /// The named partitions, ascending.
    public int[] partitions() {
        return partitions.clone();
    }

    /// Whether the partition is named.
    public boolean names(int partition) {
        return Arrays.binarySearch(partitions, partition) >= 0;
    }

    /// The offset of a partition; 0 when it is not named.
    public long offset(int partition) {
        int at = Arrays.binarySearch(partitions, partition);
        return at < 0 ? 0 : offsets[at];
    }

    /// Whether no partition is named.
    public boolean isEmpty() {
        return partitions.length == 0;
    }

    /// The positions of the named partitions from `from` to before `before`.
    public Positions within(int from, int before) {
        int begin = placeOf(from);
        int end = placeOf(before);
        return new Positions(
                Arrays.copyOfRange(partitions, begin, end),
                Arrays.copyOfRange(offsets, begin, end));
    }

    private int placeOf(int partition) {
        int at = Arrays.binarySearch(partitions, partition);
        return at < 0 ? -at - 1 : at;
    }

    /// The same offsets for partitions whose numbers are higher by `by`.
    Positions shifted(int by) {
        return by == 0
                ? this
                : new Positions(Arrays.stream(partitions).map(one -> one + by).toArray(), offsets);
    }

    /// These positions with `offset` for one partition, which need not be named yet.
    public Positions with(int partition, long offset) {
        int at = Arrays.binarySearch(partitions, partition);
        if (at >= 0) {
            long[] changed = offsets.clone();
            changed[at] = offset;
            return new Positions(partitions, changed);
        }
        int into = -at - 1;
        int[] morePartitions = new int[partitions.length + 1];
        long[] moreOffsets = new long[partitions.length + 1];
        System.arraycopy(partitions, 0, morePartitions, 0, into);
        System.arraycopy(offsets, 0, moreOffsets, 0, into);
        System.arraycopy(partitions, into, morePartitions, into + 1, partitions.length - into);
        System.arraycopy(offsets, into, moreOffsets, into + 1, partitions.length - into);
        morePartitions[into] = partition;
        moreOffsets[into] = offset;
        return new Positions(morePartitions, moreOffsets);
    }

    /// The higher of both offsets for each partition that is named here or in `other`.
    public Positions merge(Positions other) {
        if (other.isEmpty() || equals(other)) {
            return this;
        }
        int[] mergedPartitions = new int[partitions.length + other.partitions.length];
        long[] mergedOffsets = new long[mergedPartitions.length];
        int length = 0;
        for (int i = 0, k = 0; i < partitions.length || k < other.partitions.length; length++) {
            long here = i < partitions.length ? partitions[i] : Long.MAX_VALUE;
            long there = k < other.partitions.length ? other.partitions[k] : Long.MAX_VALUE;
            mergedPartitions[length] = (int) Math.min(here, there);
            mergedOffsets[length] =
                    Math.max(here <= there ? offsets[i] : 0, there <= here ? other.offsets[k] : 0);
            i += here <= there ? 1 : 0;
            k += there <= here ? 1 : 0;
        }
        return new Positions(
                Arrays.copyOf(mergedPartitions, length), Arrays.copyOf(mergedOffsets, length));
    }

    /// Whether every offset of `other` is reached here.
    public boolean covers(Positions other) {
        for (int i = 0; i < other.partitions.length; i++) {
            if (offset(other.partitions[i]) < other.offsets[i]) {
                return false;
            }
        }
        return true;
    }

    /// Whether an offset is beyond that of `heads`, among the partitions that `heads` names.
    public boolean isBeyond(Positions heads) {
        for (int i = 0; i < heads.partitions.length; i++) {
            if (offset(heads.partitions[i]) > heads.offsets[i]) {
                return true;
            }
        }
        return false;
    }

    /// Of these positions those that are further than `other`.
    public Positions aheadOf(Positions other) {
        int[] ahead =
                Arrays.stream(partitions)
                        .filter(partition -> offset(partition) > other.offset(partition))
                        .toArray();
        return new Positions(ahead, Arrays.stream(ahead).mapToLong(this::offset).toArray());
    }

    /// How many records lie between here and `heads`, over the partitions that `heads` names.
    public long behind(Positions heads) {
        long sum = 0;
        for (int i = 0; i < heads.partitions.length; i++) {
            sum += Math.max(0, heads.offsets[i] - offset(heads.partitions[i]));
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Positions that
                && Arrays.equals(partitions, that.partitions)
                && Arrays.equals(offsets, that.offsets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(partitions) + Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < partitions.length; i++) {
            text.append(i == 0 ? "" : ",").append(partitions[i]).append('.').append(offsets[i]);
        }
        return text.toString();
    }
}
