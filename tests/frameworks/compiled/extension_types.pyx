# Extension types ("cdef class"): their constructor and their __call__ are C slots, and what Python
# sees of them is a wrapper with the signature (*args, **kwargs).
# cython: language_level=3

START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"compiled"}


async def run(receive, send):
    await send(START)
    await send(BODY)


cdef class SingleInstance:
    def __call__(self, scope, receive, send):
        return run(receive, send)

    async def method(self, scope, receive, send):
        await run(receive, send)


cdef class AsyncSingleInstance:
    async def __call__(self, scope, receive, send):
        await run(receive, send)


class PythonSubclass(SingleInstance):
    """A Python class that inherits the slot."""


cdef class DoubleInstance:
    def __call__(self, scope):
        return run

    def method(self, scope):
        return run


cdef class DoubleClass:
    cdef object scope

    def __init__(self, scope):
        self.scope = scope

    def __call__(self, receive, send):
        return run(receive, send)


cdef class AwaitableClass:
    cdef object receive
    cdef object send

    def __init__(self, scope, receive, send):
        self.receive = receive
        self.send = send

    def __await__(self):
        return run(self.receive, self.send).__await__()


cpdef single_cpdef(scope, receive, send):
    return run(receive, send)


cpdef double_cpdef(scope):
    return run
