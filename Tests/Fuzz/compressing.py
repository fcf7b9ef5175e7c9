"""Compresses octets as gzip, zstd and lz4 do; the latter two by the libraries that tcpclose reads them
with: not every Python has those."""

import ctypes
import gzip
import struct
from ctypes.util import find_library

ZSTD_C_CHECKSUM_FLAG = 201
LZ4F_MAX_64_KB = 4


def library(name: str) -> ctypes.CDLL:
    path = find_library(name)
    if path is None:
        raise SystemExit(f"make-corpus: there is no lib{name}: Scripts/bootstrap installs it")
    return ctypes.CDLL(path)


def call(function, *arguments) -> int:
    """What a function gives that takes and gives pointers and sizes, whatever ctypes presumes."""
    function.restype = ctypes.c_size_t
    function.argtypes = [
        ctypes.c_size_t if isinstance(argument, int) else ctypes.c_void_p for argument in arguments]
    return function(*arguments)


def gzipped(octets: bytes, _: bool) -> bytes:
    """One member; its checksum is not optional."""
    return gzip.compress(octets, mtime=0)


def zstd(octets: bytes, checked: bool) -> bytes:
    """One frame, with a checksum if it is to be `checked`."""
    zstd = library("zstd")
    context = ctypes.c_void_p(call(zstd.ZSTD_createCCtx))
    zstd.ZSTD_CCtx_setParameter.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    zstd.ZSTD_CCtx_setParameter(context, ZSTD_C_CHECKSUM_FLAG, int(checked))
    room = ctypes.create_string_buffer(call(zstd.ZSTD_compressBound, len(octets)))
    length = call(zstd.ZSTD_compress2, context, room, len(room), octets, len(octets))
    call(zstd.ZSTD_freeCCtx, context)
    return room.raw[:length]


def lz4(octets: bytes, checked: bool) -> bytes:
    """One frame, with checksums of it and of each block if it is to be `checked`."""
    lz4 = library("lz4")
    # LZ4F_preferences_t: block size, independence, checksum of the frame, type, length, dictionary,
    # checksums of blocks; level, and five numbers more.
    preferences = struct.pack(
        "IIIIQIIi5I", LZ4F_MAX_64_KB, checked, checked, 0, 0, 0, checked, 0, 0, 0, 0, 0, 0)
    room = ctypes.create_string_buffer(
        call(lz4.LZ4F_compressFrameBound, len(octets), preferences))
    length = call(
        lz4.LZ4F_compressFrame, room, len(room), octets, len(octets), preferences)
    return room.raw[:length]


COMPRESSIONS = [gzipped, zstd, lz4]


def compressed(files: list[bytes]) -> list[bytes]:
    """Each file in each way: with checksums and without, every third as two frames or members."""
    outputs = []
    for number, octets in enumerate(files):
        middle = len(octets) // 2 if number % 3 == 0 else 0
        parts = [octets[:middle], octets[middle:]] if middle else [octets]
        outputs += [
            b"".join(compress(part, number % 2 == 0) for part in parts)
            for compress in COMPRESSIONS
        ]
    return outputs
