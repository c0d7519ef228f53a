import type { Action, Group, Person } from './scenario';

/** @returns one line for people: what the administrator, or an automation, just did */
export function describeAction(
  action: Action,
  people: ReadonlyMap<string, { person: Person }>,
  groups: ReadonlyMap<string, { group: Group }>,
): string {
  const nameOf = (id: string): string => {
    const person = people.get(id)?.person;
    return person ? `${person.givenName} ${person.familyName}` : id;
  };
  const groupOf = (id: string): string => groups.get(id)?.group.name ?? id;
  switch (action.kind) {
    case 'test-connection':
      return 'test the connection';
    case 'import':
      return 'import users and groups';
    case 'assign':
      return `assign ${nameOf(action.person)}`;
    case 'change-profile':
      return `change ${Object.keys(action.set).join(', ')} of ${nameOf(action.person)}`;
    case 'set-password':
      return `set the password of ${nameOf(action.person)}`;
    case 'deactivate':
    case 'reactivate':
    case 'unassign':
      return `${action.kind} ${nameOf(action.person)}`;
    case 'delete-person':
      return `delete ${nameOf(action.person)}`;
    case 'push-group':
      return `push group ${groupOf(action.group)}`;
    case 'change-members':
      return `group ${groupOf(action.group)}: ${[...action.add.map((id) => `+ ${nameOf(id)}`), ...action.remove.map((id) => `− ${nameOf(id)}`)].join(', ')}`;
    case 'refill-group':
      return `push group ${groupOf(action.group)} again`;
    case 'rename-group':
      return `rename group ${groupOf(action.group)} to ${action.name}`;
    case 'remove-group':
      return `unlink and delete group ${groupOf(action.group)}`;
  }
}
