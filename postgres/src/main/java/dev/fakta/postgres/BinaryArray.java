// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/// An array as a parameter, in PostgreSQL's binary format. The driver's own would make text of all
/// UUIDs.
///
///     dimensions (1) | has nulls (0) | element type | count | lower bound (1)    4 bytes each
///     then the elements, see Fields
final class BinaryArray extends PGobject implements PGBinaryObject {

    private static final long serialVersionUID = 1L;
    private static final int HEADER = 20;

    private final int elementType;
    private final transient Fields elements = new Fields();
    private int count;

    private BinaryArray(String type, int elementType) {
        setType(type);
        this.elementType = elementType;
    }

    static BinaryArray ofInts() {
        return new BinaryArray("_int4", 23);
    }

    static BinaryArray ofLongs() {
        return new BinaryArray("_int8", 20);
    }

    static BinaryArray ofTexts() {
        return new BinaryArray("_text", 25);
    }

    static BinaryArray ofUuids() {
        return new BinaryArray("_uuid", 2950);
    }

    /// Where the next element goes.
    Fields next() {
        count++;
        return elements;
    }

    @Override
    public int lengthInBytes() {
        return HEADER + elements.length();
    }

    @Override
    public void toBytes(byte[] target, int offset) {
        Fields header = new Fields();
        header.putInt(1);
        header.putInt(0);
        header.putInt(elementType);
        header.putInt(count);
        header.putInt(1);
        header.copyTo(target, offset);
        elements.copyTo(target, offset + HEADER);
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("arrays are sent only");
    }

    @Override
    public String getValue() {
        throw new UnsupportedOperationException("arrays are sent as bytes only");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
