// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An immutable map of which a changed copy is cheap: it shares all but a few small arrays with the
/// one it came from. For states with very many entries, which `evolve` must not copy per event.
///
/// A record declares the component as a `Map` and takes it through [#copyOf] in its compact
/// constructor, as with `Map.copyOf`; so a codec that knows maps can write and read it:
///
/// ```java
/// record Stock(Map<String, Reservation> reservations) {
///     Stock { reservations = PersistentMap.copyOf(reservations); }
/// }
/// ```
///
/// Reading, adding and removing take time that grows with the logarithm of the size to base 32.
/// Neither keys nor values are null. Keys need a good `hashCode`; equal hashes are slow, not wrong.
/// The order of iteration is that of the hashes. Methods of `Map` that change it throw
/// `UnsupportedOperationException`. Safe for all threads.
///
/// The structure is a hash array mapped trie (P. Bagwell, Ideal Hash Trees, 2001).
public final class PersistentMap<K, V> extends AbstractMap<K, V> {

    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);

    private final @Nullable Node<K, V> root;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // without an entry it is a map of any types
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /// The map itself when it is a persistent one, else a copy of it.
    @SuppressWarnings("unchecked") // it has only been given entries of these types
    public static <K, V> PersistentMap<K, V> copyOf(Map<? extends K, ? extends V> map) {
        if (map instanceof PersistentMap<?, ?> known) {
            return (PersistentMap<K, V>) known;
        }
        PersistentMap<K, V> copy = empty();
        for (Entry<? extends K, ? extends V> entry : map.entrySet()) {
            copy = copy.with(entry.getKey(), entry.getValue());
        }
        return copy;
    }

    /// This map with the key set to the value; the map itself when that changes nothing.
    public PersistentMap<K, V> with(K key, V value) {
        Leaf<K, V> leaf =
                new Leaf<>(
                        hash(key),
                        Objects.requireNonNull(key, "key"),
                        Objects.requireNonNull(value, "value"));
        if (root == null) {
            return new PersistentMap<>(leaf, 1);
        }
        Leaf<K, V> earlier = root.find(leaf.hash, 0, key);
        if (earlier != null && earlier.value.equals(value)) {
            return this;
        }
        return new PersistentMap<>(root.with(leaf, 0), earlier == null ? size + 1 : size);
    }

    /// This map without the key; the map itself when it has no such key.
    public PersistentMap<K, V> without(Object key) {
        int hash = hash(key);
        return root == null || root.find(hash, 0, key) == null
                ? this
                : new PersistentMap<>(root.without(hash, 0, key), size - 1);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        Leaf<K, V> leaf = root == null || key == null ? null : root.find(hash(key), 0, key);
        return leaf == null ? null : leaf.value;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new Walk<>(root);
            }
        };
    }

    /// Folds the upper half in, because the lower bits decide near the root.
    private static int hash(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    /// A `shift` is how many bits of the hash are used up by the nodes above.
    private sealed interface Node<K, V> {
        @Nullable Leaf<K, V> find(int hash, int shift, Object key);

        Node<K, V> with(Leaf<K, V> leaf, int shift);

        /// The key is in it. Null when nothing else is.
        @Nullable Node<K, V> without(int hash, int shift, Object key);
    }

    private record Leaf<K, V>(int hash, K key, V value) implements Node<K, V> {
        @Override
        public @Nullable Leaf<K, V> find(int other, int shift, Object wanted) {
            return hash == other && key.equals(wanted) ? this : null;
        }

        @Override
        public Node<K, V> with(Leaf<K, V> leaf, int shift) {
            if (leaf.hash != hash) {
                return fork(this, hash, leaf, shift);
            }
            return leaf.key.equals(key) ? leaf : new Twins<>(hash, twins(this, leaf));
        }

        @Override
        public @Nullable Node<K, V> without(int other, int shift, Object unwanted) {
            return null;
        }
    }

    /// Two or more keys of one hash.
    private static final class Twins<K, V> implements Node<K, V> {
        private final int hash;
        private final Leaf<K, V>[] leaves;

        Twins(int hash, Leaf<K, V>[] leaves) {
            this.hash = hash;
            this.leaves = leaves;
        }

        @Override
        public @Nullable Leaf<K, V> find(int other, int shift, Object wanted) {
            int at = hash == other ? indexOf(wanted) : -1;
            return at < 0 ? null : leaves[at];
        }

        @Override
        public Node<K, V> with(Leaf<K, V> leaf, int shift) {
            if (leaf.hash != hash) {
                return fork(this, hash, leaf, shift);
            }
            int at = indexOf(leaf.key);
            Leaf<K, V>[] copy = Arrays.copyOf(leaves, leaves.length + (at < 0 ? 1 : 0));
            copy[at < 0 ? leaves.length : at] = leaf;
            return new Twins<>(hash, copy);
        }

        @Override
        public Node<K, V> without(int other, int shift, Object unwanted) {
            int at = indexOf(unwanted);
            if (leaves.length == 2) {
                return leaves[1 - at];
            }
            Leaf<K, V>[] copy = Arrays.copyOf(leaves, leaves.length - 1);
            System.arraycopy(leaves, at + 1, copy, at, copy.length - at);
            return new Twins<>(hash, copy);
        }

        private int indexOf(Object key) {
            for (int at = 0; at < leaves.length; at++) {
                if (leaves[at].key.equals(key)) {
                    return at;
                }
            }
            return -1;
        }
    }

    /// Up to 32 nodes, of which only those that are there have a place in the array: the bit of a
    /// node's number is set, and its place is the count of the bits below.
    private static final class Branch<K, V> implements Node<K, V> {
        private final int bits;
        private final Node<K, V>[] nodes;

        Branch(int bits, Node<K, V>[] nodes) {
            this.bits = bits;
            this.nodes = nodes;
        }

        @Override
        public @Nullable Leaf<K, V> find(int hash, int shift, Object key) {
            int bit = bit(hash, shift);
            return (bits & bit) == 0 ? null : nodes[place(bit)].find(hash, shift + BITS, key);
        }

        @Override
        public Node<K, V> with(Leaf<K, V> leaf, int shift) {
            int bit = bit(leaf.hash, shift);
            int place = place(bit);
            if ((bits & bit) != 0) {
                return replaced(place, nodes[place].with(leaf, shift + BITS));
            }
            Node<K, V>[] more = Arrays.copyOf(nodes, nodes.length + 1);
            System.arraycopy(nodes, place, more, place + 1, nodes.length - place);
            more[place] = leaf;
            return new Branch<>(bits | bit, more);
        }

        @Override
        public Node<K, V> without(int hash, int shift, Object key) {
            int bit = bit(hash, shift);
            int place = place(bit);
            Node<K, V> rest = nodes[place].without(hash, shift + BITS, key);
            if (rest != null) {
                boolean isLonely = nodes.length == 1 && !(rest instanceof Branch<K, V>);
                return isLonely ? rest : replaced(place, rest);
            }
            if (nodes.length == 2 && !(nodes[1 - place] instanceof Branch<K, V>)) {
                return nodes[1 - place];
            }
            Node<K, V>[] fewer = Arrays.copyOf(nodes, nodes.length - 1);
            System.arraycopy(nodes, place + 1, fewer, place, fewer.length - place);
            return new Branch<>(bits & ~bit, fewer);
        }

        private Branch<K, V> replaced(int place, Node<K, V> node) {
            Node<K, V>[] copy = nodes.clone();
            copy[place] = node;
            return new Branch<>(bits, copy);
        }

        private int place(int bit) {
            return Integer.bitCount(bits & (bit - 1));
        }
    }

    /// Two nodes of different hashes under as many branches as their hashes have in common.
    private static <K, V> Node<K, V> fork(Node<K, V> one, int hash, Leaf<K, V> other, int shift) {
        int bit = bit(hash, shift);
        int otherBit = bit(other.hash, shift);
        if (bit == otherBit) {
            return new Branch<>(bit, nodes(fork(one, hash, other, shift + BITS)));
        }
        boolean isFirst = Integer.compareUnsigned(bit, otherBit) < 0;
        return new Branch<>(bit | otherBit, isFirst ? nodes(one, other) : nodes(other, one));
    }

    private static int bit(int hash, int shift) {
        return 1 << ((hash >>> shift) & MASK);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // made here, and kept by one node
    private static <K, V> Node<K, V>[] nodes(Node<K, V>... nodes) {
        return nodes;
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // made here, and kept by one node
    private static <K, V> Leaf<K, V>[] twins(Leaf<K, V>... leaves) {
        return leaves;
    }

    /// Goes through all leaves, from left to right.
    private static final class Walk<K, V> implements Iterator<Entry<K, V>> {
        private final Deque<Node<K, V>> ahead = new ArrayDeque<>();

        Walk(@Nullable Node<K, V> root) {
            if (root != null) {
                ahead.push(root);
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        public Entry<K, V> next() {
            while (!ahead.isEmpty()) {
                switch (ahead.pop()) {
                    case Leaf<K, V>(_, var key, var value) -> {
                        return Map.entry(key, value);
                    }
                    case Twins<K, V> twins -> pushAll(twins.leaves);
                    case Branch<K, V> branch -> pushAll(branch.nodes);
                }
            }
            throw new NoSuchElementException();
        }

        private void pushAll(Node<K, V>[] nodes) {
            for (int at = nodes.length - 1; at >= 0; at--) {
                ahead.push(nodes[at]);
            }
        }
    }
}
