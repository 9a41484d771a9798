// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An immutable map of texts whose changed copies share what has not changed: a change copies one
/// node of at most 32 entries per level, five levels for a million entries. So the state of an
/// aggregate can hold many thousand entries and still be a new value after each event.
///
/// A hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001): five bits of the key's hash choose
/// the child in each level, a bitmap says which children there are.
///
/// As a [Map] it is read like any other, and refuses to be written to.
final class PersistentMap<V> extends AbstractMap<String, V> {

    private static final int BITS = 5;
    private static final int HASH_BITS = 32;
    private static final Branch<?> NOTHING = new Branch<>(0, List.of());
    private static final PersistentMap<?> EMPTY = new PersistentMap<>(NOTHING, 0);

    private final Branch<V> root;
    private final int size;

    private PersistentMap(Branch<?> root, int size) {
        @SuppressWarnings("unchecked") // an empty branch has no values
        Branch<V> typed = (Branch<V>) root;
        this.root = typed;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // has no values
    static <V> PersistentMap<V> empty() {
        return (PersistentMap<V>) EMPTY;
    }

    /// The same entries; the same map when it is one of these.
    static <V> PersistentMap<V> copyOf(Map<String, V> map) {
        if (map instanceof PersistentMap<V> same) {
            return same;
        }
        PersistentMap<V> copy = empty();
        for (Map.Entry<String, V> entry : map.entrySet()) {
            copy = copy.with(entry.getKey(), entry.getValue());
        }
        return copy;
    }

    /// Has the key with this value, and all other entries of this map.
    PersistentMap<V> with(String key, V value) {
        Leaf<V> leaf = new Leaf<>(key, value);
        Branch<V> changed = root.with(0, hash(key), leaf);
        return new PersistentMap<>(changed, containsKey(key) ? size : size + 1);
    }

    /// Has not the key, and all other entries of this map.
    PersistentMap<V> without(String key) {
        return containsKey(key)
                ? new PersistentMap<>(root.without(0, hash(key), key), size - 1)
                : this;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable V get(Object key) {
        return key instanceof String text ? root.get(0, hash(text), text) : null;
    }

    @Override
    public Set<Map.Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Iterator<Map.Entry<String, V>> iterator() {
                return new Walk<>(root);
            }
        };
    }

    /// Texts whose hashes differ in few bits are to differ in the lowest ones.
    private static int hash(String key) {
        int mixed = key.hashCode() * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    private sealed interface Node<V> {}

    private record Leaf<V>(String key, V value) implements Node<V> {}

    /// Keys of one hash, which no level can tell apart.
    private record Bucket<V>(List<Leaf<V>> leaves) implements Node<V> {
        Bucket {
            leaves = List.copyOf(leaves);
        }

        private Bucket<V> without(String key) {
            List<Leaf<V>> others = new ArrayList<>(leaves);
            others.removeIf(leaf -> leaf.key.equals(key));
            return new Bucket<>(others);
        }

        private Bucket<V> with(Leaf<V> leaf) {
            List<Leaf<V>> all = new ArrayList<>(without(leaf.key).leaves);
            all.add(leaf);
            return new Bucket<>(all);
        }
    }

    /// @param bitmap which of the 32 children there are
    /// @param children those, in the order of their bits
    private record Branch<V>(int bitmap, List<Node<V>> children) implements Node<V> {

        private static int bit(int level, int hash) {
            return 1 << ((hash >>> level) & 31);
        }

        private int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }

        @Nullable V get(int level, int hash, String key) {
            int bit = bit(level, hash);
            if ((bitmap & bit) == 0) {
                return null;
            }
            return switch (children.get(index(bit))) {
                case Leaf<V>(var other, var value) -> other.equals(key) ? value : null;
                case Branch<V> branch -> branch.get(level + BITS, hash, key);
                case Bucket<V>(var leaves) -> {
                    for (Leaf<V> leaf : leaves) {
                        if (leaf.key.equals(key)) {
                            yield leaf.value;
                        }
                    }
                    yield null;
                }
            };
        }

        Branch<V> with(int level, int hash, Leaf<V> leaf) {
            int bit = bit(level, hash);
            int index = index(bit);
            if ((bitmap & bit) == 0) {
                return new Branch<>(bitmap | bit, inserted(index, leaf));
            }
            Node<V> child =
                    switch (children.get(index)) {
                        case Branch<V> branch -> branch.with(level + BITS, hash, leaf);
                        case Bucket<V> bucket -> bucket.with(leaf);
                        case Leaf<V> other when other.key.equals(leaf.key) -> leaf;
                        case Leaf<V> other -> both(level + BITS, other, leaf);
                    };
            return new Branch<>(bitmap, replaced(index, child));
        }

        private static <V> Node<V> both(int level, Leaf<V> one, Leaf<V> other) {
            if (level >= HASH_BITS) {
                return new Bucket<>(List.of(one, other));
            }
            return new Branch<V>(0, List.of())
                    .with(level, hash(one.key), one)
                    .with(level, hash(other.key), other);
        }

        /// Only for a key that is there.
        Branch<V> without(int level, int hash, String key) {
            int bit = bit(level, hash);
            int index = index(bit);
            Node<V> child =
                    switch (children.get(index)) {
                        case Leaf<V> _ -> null;
                        case Branch<V> branch -> shortened(branch.without(level + BITS, hash, key));
                        case Bucket<V> bucket -> single(bucket.without(key));
                    };
            return child == null
                    ? new Branch<>(bitmap & ~bit, removed(index))
                    : new Branch<>(bitmap, replaced(index, child));
        }

        /// A branch with nothing but a leaf is that leaf.
        private static <V> @Nullable Node<V> shortened(Branch<V> branch) {
            return switch (branch.children.size()) {
                case 0 -> null;
                case 1 -> branch.children.getFirst() instanceof Branch<V> ? branch : first(branch);
                default -> branch;
            };
        }

        private static <V> Node<V> first(Branch<V> branch) {
            return branch.children.getFirst();
        }

        private static <V> Node<V> single(Bucket<V> bucket) {
            return bucket.leaves.size() == 1 ? bucket.leaves.getFirst() : bucket;
        }

        private List<Node<V>> inserted(int index, Node<V> child) {
            List<Node<V>> more = new ArrayList<>(children.size() + 1);
            more.addAll(children);
            more.add(index, child);
            return more;
        }

        private List<Node<V>> replaced(int index, Node<V> child) {
            List<Node<V>> same = new ArrayList<>(children);
            same.set(index, child);
            return same;
        }

        private List<Node<V>> removed(int index) {
            List<Node<V>> fewer = new ArrayList<>(children);
            fewer.remove(index);
            return fewer;
        }
    }

    /// Visits all entries, depth first.
    private static final class Walk<V> implements Iterator<Map.Entry<String, V>> {
        private final ArrayDeque<Node<V>> ahead = new ArrayDeque<>();

        Walk(Branch<V> root) {
            root.children.forEach(ahead::push);
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        public Map.Entry<String, V> next() {
            while (!ahead.isEmpty()) {
                switch (ahead.pop()) {
                    case Leaf<V>(var key, var value) -> {
                        return Map.entry(key, value);
                    }
                    case Branch<V>(_, var children) -> children.forEach(ahead::push);
                    case Bucket<V>(var leaves) -> leaves.forEach(ahead::push);
                }
            }
            throw new NoSuchElementException("all entries were visited");
        }
    }
}
