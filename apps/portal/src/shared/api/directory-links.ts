import { readSurface } from './surface';

/** The addresses of the pages about what is in a directory. */
export function linksOf(directoryId: string) {
  const page = readSurface().addressOf(directoryId);
  return {
    requests: `${page}/activity`,
    request: (requestId: string) => `${page}/activity/${encodeURIComponent(requestId)}`,
    user: (userId: string) => `${page}/users?user=${encodeURIComponent(userId)}`,
    explanation: (userId: string) => `${page}/users/${encodeURIComponent(userId)}/explanation`,
    group: (groupId: string) => `${page}/groups/${encodeURIComponent(groupId)}`,
  };
}
