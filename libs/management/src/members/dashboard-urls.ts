/** Where an app owner works. */
export function dashboardUrl(publicUrl: string): string {
  return `${publicUrl}/dashboard`;
}

/** Where the first owner of the dashboard is made, once; the token stands in the fragment, which no server logs. */
export function setupUrl(publicUrl: string, token: string): string {
  return `${dashboardUrl(publicUrl)}/setup#${token}`;
}

/** Where an invitation is accepted, once. */
export function invitationUrl(publicUrl: string, token: string): string {
  return `${dashboardUrl(publicUrl)}/invitation#${token}`;
}
