package io.migr.model.decode;

/** Determines which tokens may come next in one sequence; holds the state of that sequence. */
public interface TokenConstraint {

    /** Anything may follow. */
    TokenConstraint NONE = new TokenConstraint() {
        @Override
        public int[] allowed() {
            return null;
        }

        @Override
        public void accept(int token) {}
    };

    /** The ids that may come next, at least one; null: any. */
    int[] allowed();

    /** Advances the state by the token that was picked, one of those allowed. */
    void accept(int token);
}
