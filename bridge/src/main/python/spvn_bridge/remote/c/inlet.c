/* What the server says, as it is read. */

#include "fast.h"

#include <errno.h>
#include <marshal.h>
#include <sys/socket.h>

/* Whether a loop waits for what comes, and nothing of it is here already. */
static int
is_open(State *state, PyObject *self)
{
    PyObject *have = SLOT(self, I_HAVE), *buffer = SLOT(self, I_BUFFER);
    return SLOT(self, I_WAITS) == Py_False && have && PyLong_CheckExact(have)
        && PyLong_AsLong(have) == 0 && buffer && PyByteArray_CheckExact(buffer)
        && SLOT(self, I_TODO);
}

/* The messages of what was read, if that is one whole batch. NULL may be an error. */
static PyObject *
batch(const unsigned char *data, Py_ssize_t count)
{
    Py_ssize_t size;
    if (count < 4)
        return NULL;
    size = data[0] | data[1] << 8 | data[2] << 16 | (Py_ssize_t)data[3] << 24;
    return size == count - 4 ? PyMarshal_ReadObjectFromString((const char *)data + 4, size) : NULL;
}

/* Queues messages, or has Python do so with what was read. */
static PyObject *
queue(State *state, PyObject *self, PyObject *messages, Py_ssize_t count)
{
    PyObject *read, *queued;
    if (messages && PyList_CheckExact(messages)) {
        queued = PyObject_CallMethodOneArg(SLOT(self, I_TODO), state->names[N_EXTEND], messages);
        if (!queued)
            give_up("there is no memory for requests");
        return queued;
    }
    PyErr_Clear(); /* Python comes across it again */
    read = PyLong_FromSsize_t(count);
    if (!read) {
        give_up("there is no memory for requests");
        return NULL;
    }
    queued = PyObject_CallMethodOneArg(self, state->names[N_CAME], read);
    Py_DECREF(read);
    return queued;
}

/* It never waits, so the GIL is kept. */
static PyObject *
inlet_hush(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    State *state = state_of(self);
    PyObject *buffer, *messages, *queued;
    ssize_t count;
    if (!is_open(state, self))
        return PyObject_CallOneArg(state->methods[HUSH], self);
    buffer = SLOT(self, I_BUFFER);
    count = recv((int)PyLong_AsLong(SLOT(self, I_LISTENS)), PyByteArray_AS_STRING(buffer),
                 PyByteArray_GET_SIZE(buffer), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        Py_RETURN_NONE;
    if (count < 0)
        count = 0; /* it has gone */
    messages = batch((unsigned char *)PyByteArray_AS_STRING(buffer), count);
    queued = queue(state, self, messages, count);
    Py_XDECREF(messages);
    return queued;
}

static PyMethodDef inlet_methods[] = {
    {"hush", inlet_hush, METH_NOARGS,
     "hush($self, /)\n--\n\nRead what has come, and queue the messages in it."},
    {NULL, NULL, 0, NULL}};

static PyType_Slot inlet_slots[] = {{Py_tp_methods, inlet_methods}, {0, NULL}};

PyType_Spec inlet_spec = {
    "spvn_bridge.remote._fast.Inlet", 0, 0, Py_TPFLAGS_DEFAULT, inlet_slots};
