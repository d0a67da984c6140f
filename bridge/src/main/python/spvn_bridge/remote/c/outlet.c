/* What is said, as it is written. */

#include "fast.h"

#include <marshal.h>
#include <sys/socket.h>
#include <sys/uio.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* Whether a loop waits for room, should there be none, and nothing else is to be written first. */
static int
is_open(State *state, PyObject *self)
{
    PyObject *chunks = SLOT(self, O_CHUNKS), *messages = SLOT(self, O_MESSAGES);
    return SLOT(self, O_LOOP) && SLOT(self, O_LOOP) != Py_None && chunks
        && PyList_CheckExact(chunks) && PyList_GET_SIZE(chunks) == 0 && messages
        && PyList_CheckExact(messages);
}

/* Takes all messages, as a batch without its length. */
static PyObject *
pack(State *state, PyObject *self)
{
    PyObject *begun = PyNumber_Subtract(SLOT(self, O_BEGUN), SLOT(self, O_TOLD));
    PyObject *none = PyList_New(0), *batch = NULL, *data = NULL;
    if (begun && none)
        batch = PyTuple_Pack(2, begun, SLOT(self, O_MESSAGES));
    if (batch) {
        set(state, self, O_MESSAGES, none);
        data = PyMarshal_WriteObjectToString(batch, state->version);
    }
    if (data)
        set(state, self, O_TOLD, SLOT(self, O_BEGUN));
    Py_XDECREF(batch);
    Py_XDECREF(none);
    Py_XDECREF(begun);
    return data;
}

/* Has Python write what the system did not take at once, `sent` bytes of which it did. */
static PyObject *
write_rest(State *state, PyObject *self, const char *head, PyObject *data, Py_ssize_t sent)
{
    Py_ssize_t size = PyBytes_GET_SIZE(data), of_head = sent < 4 ? sent : 4;
    PyObject *rest = PyBytes_FromStringAndSize(NULL, size + 4 - sent), *written = NULL;
    if (!rest)
        return NULL;
    memcpy(PyBytes_AS_STRING(rest), head + of_head, 4 - of_head);
    memcpy(PyBytes_AS_STRING(rest) + 4 - of_head, PyBytes_AS_STRING(data) + sent - of_head,
           size - (sent - of_head));
    if (PyList_Append(SLOT(self, O_CHUNKS), rest) == 0)
        written = PyObject_CallMethodNoArgs(self, state->names[N_WRITE]);
    Py_DECREF(rest);
    return written;
}

/* Writes all messages. It never blocks, so the GIL is kept. */
static PyObject *
write_batch(State *state, PyObject *self)
{
    PyObject *data = pack(state, self), *written;
    size_t size = data ? (size_t)PyBytes_GET_SIZE(data) : 0;
    char head[] = {(char)size, (char)(size >> 8), (char)(size >> 16), (char)(size >> 24)};
    struct iovec parts[] = {{head, 4}, {data ? PyBytes_AS_STRING(data) : NULL, size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t sent;
    if (!data)
        return NULL;
    sent = sendmsg((int)PyLong_AsLong(SLOT(self, O_DESCRIPTOR)), &message,
                   MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent == (ssize_t)size + 4)
        written = Py_NewRef(Py_None);
    else
        written = write_rest(state, self, head, data, sent < 0 ? 0 : sent);
    Py_DECREF(data);
    return written;
}

/* Releases the lock, whether or not there is an error. */
static void
release(State *state, PyObject *lock)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    Py_XDECREF(PyObject_CallMethodNoArgs(lock, state->names[N_RELEASE]));
    PyErr_Restore(type, value, traceback);
}

static PyObject *
outlet_flush(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    State *state = state_of(self);
    PyObject *lock = SLOT(self, O_LOCK), *held, *written = NULL;
    if (!lock || !is_open(state, self))
        return PyObject_CallOneArg(state->methods[FLUSH], self);
    if (PyList_GET_SIZE(SLOT(self, O_MESSAGES)) == 0 && SLOT(self, O_TOLD) == SLOT(self, O_BEGUN))
        Py_RETURN_NONE;
    held = PyObject_CallMethodNoArgs(lock, state->names[N_ACQUIRE]);
    if (held) {
        written = is_open(state, self) /* still */
            ? write_batch(state, self) : PyObject_CallOneArg(state->methods[FLUSH], self);
        release(state, lock);
        Py_DECREF(held);
    }
    if (!written)
        give_up("there is no memory for answers");
    return written;
}

static PyMethodDef outlet_methods[] = {
    {"flush", outlet_flush, METH_NOARGS,
     "flush($self, /)\n--\n\nWrite all messages, as one batch."},
    {NULL, NULL, 0, NULL}};

static PyType_Slot outlet_slots[] = {{Py_tp_methods, outlet_methods}, {0, NULL}};

PyType_Spec outlet_spec = {
    "spvn_bridge.remote._fast.Outlet", 0, 0, Py_TPFLAGS_DEFAULT, outlet_slots};
