/** Bytes as text (RFC 4648), in pieces, because a large model has millions of them. */

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** A multiple of three, so that only the last piece is filled up. */
const pieceBytes = 3 * 4_096;

export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const end = Math.min(bytes.length, at + pieceBytes);
    let piece = '';
    for (let i = at; i < end; i += 3) {
      const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      piece += digits[word >> 18]! + digits[(word >> 12) & 63]!;
      piece += i + 1 < end ? digits[(word >> 6) & 63]! : '=';
      piece += i + 2 < end ? digits[word & 63]! : '=';
    }
    pieces.push(piece);
  }
  return pieces.join('');
}
