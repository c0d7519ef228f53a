/** How a client gets an access token. */
export function curlForToken(origin: string, clientId: string, secret: string): string {
  return `curl -u '${clientId}:${secret}' -d grant_type=client_credentials '${origin}/oauth/token'`;
}

/** How a program calls the API with its key alone. */
export function curlForKey(origin: string, key: string): string {
  return `curl -H 'Authorization: Bearer ${key}' '${origin}/api/v1/organizations'`;
}
