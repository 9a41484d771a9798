// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a node under test adds to the time that its machine tells. Lies in the boot loader there,
/// so that the classes of the JDK reach it; see [ClockAgent]. For any number of threads.
public final class ShiftedTime {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long TOO_FAR = -1;

    private static volatile @Nullable ByteBuffer shift;

    private ShiftedTime() {}

    /// Says where the shift is to be found.
    ///
    /// @param millis 8 bytes in the machine's order that are read anew for each question
    public static void follow(ByteBuffer millis) {
        shift = millis;
    }

    /// What `System.currentTimeMillis` answers, shifted.
    public static long millis(long machine) {
        return machine + shiftMillis();
    }

    /// What `VM.getNanoTimeAdjustment` answers, shifted, but for its "cannot say".
    public static long nanos(long machine) {
        return machine == TOO_FAR ? TOO_FAR : machine + shiftMillis() * NANOS_PER_MILLI;
    }

    private static long shiftMillis() {
        ByteBuffer millis = shift;
        return millis == null ? 0 : millis.getLong(0);
    }
}
