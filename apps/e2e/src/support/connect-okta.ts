import {
  findDialect,
  type Group,
  type Person,
  type SentRequest,
  type SimulatedProvider,
  simulateProvider,
} from '@rollcall/idp-simulator';

/** A simulated Okta, as its administrator has set it up. */
export interface ConnectedOkta extends SimulatedProvider {
  /** Every request that it has sent. */
  readonly sent: readonly SentRequest[];
  /** Pastes another token into its field. */
  paste(token: string): void;
}

/** What its administrator enters: the endpoint URL and the token, and which kind of app takes them. */
export interface OktaSettings {
  endpoint: string;
  token: string;
  /** The field of the header auth app goes out as it was filled in; that of the OAuth app gets `Bearer` before it. */
  app?: 'oauth' | 'header';
  people: Person[];
  groups: Group[];
}

/** A person of whom no more is known than the names and the address, which is the user name as well. */
export function newPerson(id: string, givenName: string, familyName: string): Person {
  const userName = `${givenName}.${familyName}@northwind.example`.toLowerCase();
  return { id, userName, email: userName, givenName, familyName, displayName: `${givenName} ${familyName}` };
}

/** A simulated Okta with an app of its catalogue, connected to a directory. */
export function connectOkta({ endpoint, token, app = 'oauth', people, groups }: OktaSettings): ConnectedOkta {
  const sent: SentRequest[] = [];
  const connection = {
    baseUrl: endpoint,
    token,
    authorization: app === 'header' ? ('raw' as const) : ('Bearer' as const),
  };
  const provider = simulateProvider({
    dialect: findDialect('okta', { importGroups: true }),
    connection,
    scenario: { people, groups },
    onProgress: (progress) => {
      if (progress.kind === 'request') sent.push(progress.request);
    },
  });
  return { ...provider, sent, paste: (other) => (connection.token = other) };
}
