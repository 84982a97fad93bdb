package io.migr.model.decode;

/** Says which tokens may come next in one sequence; holds that sequence's state. */
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

    /** Moves on by the token that was picked. */
    void accept(int token);
}
