/** Where the portal's copy of a logo is, on this origin; null: there is none. */
export function logoPath(logoId: string | null): string | null {
  return logoId === null ? null : `/portal/logos/${logoId}`;
}
