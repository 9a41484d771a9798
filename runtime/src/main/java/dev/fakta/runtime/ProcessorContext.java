// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import java.time.Instant;

/// What a processor may ask of the node that it runs on, for one request.
record ProcessorContext(Node node, Instant now, String id, Cause cause)
        implements Processor.Context {

    ProcessorContext(Node node, String id, Cause cause) {
        this(node, node.clock().instant(), id, cause);
    }

    @Override
    public boolean permits(String permission) {
        return cause.permissions().contains(permission);
    }

    @Override
    public <S> S state(Aggregate<?, ?, S> aggregate, String id) {
        return node.state(aggregate, id).state();
    }
}
