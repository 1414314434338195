const block = 512;

/** A tar archive of small files, as `x-amz-meta-snowball-auto-extract` wants one. */
export function tar(files: Record<string, Buffer>): Buffer {
  const entries = Object.entries(files).flatMap(([name, data]) => [
    header(name, data.length),
    Buffer.concat([data], Math.ceil(data.length / block) * block),
  ]);
  return Buffer.concat([...entries, Buffer.alloc(2 * block)]);
}

/** Source: https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is longer than a tar header's 100 bytes`);
  bytes.write(name, 0);
  bytes.write(octal(0o644, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(1, 12), 136);
  bytes.write(" ".repeat(8), 148);
  bytes.write("0", 156);
  bytes.write("ustar\0", 257);
  bytes.write("00", 263);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}
