package io.spvn.server.process;

/// A thread on whose promptness others depend: what it logs is written when that can be, and it
/// does not wait for it. A daemon; who makes it starts it.
public final class PromptThread extends Thread {
    public PromptThread(String name, Runnable work) {
        super(work, name);
        setDaemon(true);
    }

    /// Whether the current thread is one.
    public static boolean isCurrent() {
        return Thread.currentThread() instanceof PromptThread;
    }
}
