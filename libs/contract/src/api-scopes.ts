/** What an API client may do. Who may write may read too: what is written is answered. */
export const API_SCOPES = ['read', 'write'] as const;
export type ApiScope = (typeof API_SCOPES)[number];
