package io.spvn.server.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One request to the admin listener and its answer:
///
///     read the head -> write the answer -> wait for the client's end
///
/// The last step is there because closing a socket with unread bytes in it resets the connection,
/// and the client might lose the answer (RFC 9112 9.6). Runs on the listener's thread, and never
/// blocks: it takes what is there and comes back when there is more.
final class AdminConnection {
    private static final int MAX_HEAD = 8 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final AdminPages pages;
    private final long deadline;
    private final ByteBuffer head = ByteBuffer.allocate(MAX_HEAD);
    private @Nullable ByteBuffer answer;

    /// @param deadline when it is closed at the latest ([System#nanoTime])
    AdminConnection(SocketChannel channel, SelectionKey key, AdminPages pages, long deadline) {
        this.channel = channel;
        this.key = key;
        this.pages = pages;
        this.deadline = deadline;
    }

    boolean late(long now) {
        return now - deadline >= 0;
    }

    boolean isClosed() {
        return !channel.isOpen();
    }

    /// Goes on as far as it can; ends the connection when there is no more to do, or no client.
    void proceed() {
        try {
            if (answer == null) {
                read();
            }
            if (answer != null) {
                write(answer);
            }
        } catch (IOException gone) {
            close();
        }
    }

    private void read() throws IOException {
        if (channel.read(head) < 0) {
            close();
            return;
        }
        String text = new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
        int end = text.indexOf(AdminRequest.END);
        if (end >= 0) {
            AdminRequest request =
                    AdminRequest.parse(text.substring(0, end + AdminRequest.END.length()));
            boolean withBody = request == null || !request.method().equals("HEAD");
            answer = ByteBuffer.wrap(pages.answer(request).bytes(withBody));
        } else if (!head.hasRemaining()) {
            answer = ByteBuffer.wrap(Answer.text(431, "the head is too large").bytes(true));
        }
    }

    private void write(ByteBuffer rest) throws IOException {
        if (rest.hasRemaining()) {
            channel.write(rest);
            if (rest.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
                return;
            }
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
        }
        if (channel.read(head.clear()) < 0) {
            close();
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException closed) {
            System.getLogger(AdminConnection.class.getName())
                    .log(System.Logger.Level.DEBUG, "admin: closing", closed);
        }
    }
}
