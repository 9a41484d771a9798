// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.runtime.Node;

/// Keeps a customer to what is its own. What is somebody else's is answered like what does not
/// exist, before anything else that could tell the two apart: revisions, conditions, what the
/// aggregate would refuse.
final class OwnCheck {

    private final Node node;
    private final Owners owners;

    OwnCheck(Node node, Owners owners) {
        this.node = node;
        this.owners = owners;
    }

    /// Lets a request through to an aggregate.
    ///
    /// @throws ProblemException 404 when it is not the customer's that asks
    void require(Request request, Aggregate<?, ?, ?> aggregate, String id) {
        if (request.reach().isBounded() && !isOwn(request.reach(), aggregate, id)) {
            throw new ProblemException(Problem.unknown(aggregate.name() + " " + id));
        }
    }

    private void requireThere(Aggregate<?, ?, ?> aggregate, String id) {
        if (node.state(aggregate, id).revision() == 0) {
            throw new ProblemException(Problem.unknown(aggregate.name() + " " + id));
        }
    }

    /// Whether an aggregate is the customer's.
    boolean isOwn(Reach reach, Aggregate<?, ?, ?> aggregate, String id) {
        String customer = reach.customer();
        return customer != null
                && !customer.isEmpty()
                && customer.equals(owners.customer(aggregate, id, node));
    }

    /// Lets a request through that creates something, or shows what it would be.
    ///
    /// @param asked the body, as it was read
    /// @throws ProblemException 403 when it names somebody else, 404 when what it would belong to
    ///   does not exist, or is not the customer's
    void requireOwn(Request request, Object asked) {
        if (request.reach().bounds() instanceof Bounds.Within(var whole)) {
            requireThere(whole, request.id());
        }
        String customer = request.reach().customer();
        if (customer == null) {
            return;
        }
        switch (request.reach().bounds()) {
            case Bounds.Shared _ -> {} // is the same for every customer
            case Bounds.Within(var aggregate) -> require(request, aggregate, request.id());
            case Bounds.Named(var field, _, var named) -> {
                if (customer.isEmpty() || !customer.equals(named.apply(asked))) {
                    throw new ProblemException(Problem.forOneself(field));
                }
            }
            case Bounds.Owned _ -> throw new IllegalStateException("RouteChecks let it pass");
        }
    }
}
