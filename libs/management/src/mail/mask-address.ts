/** An address so that its owner knows it again and nobody else learns it: `a•••@acme.test`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const first = Array.from(address.slice(0, at)).at(0) ?? '';
  return `${first}•••${address.slice(at)}`;
}
