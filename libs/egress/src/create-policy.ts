import ipaddr from 'ipaddr.js';

/** Where requests may go. */
export interface EgressPolicy {
  /** Development and tests: also plain http, any port, loopback and private addresses, and this server itself. */
  allowPrivateTargets: boolean;
  /** Addresses of this machine. */
  ownAddresses: ReadonlySet<string>;
  /** Public host names of this server, lower case. */
  ownHostnames: ReadonlySet<string>;
}

/** Builds a policy from texts in any notation. */
export function createPolicy(options: {
  allowPrivateTargets: boolean;
  ownAddresses?: readonly string[];
  ownHostnames?: readonly string[];
}): EgressPolicy {
  return {
    allowPrivateTargets: options.allowPrivateTargets,
    ownAddresses: new Set((options.ownAddresses ?? []).map(addressToCompare)),
    ownHostnames: new Set((options.ownHostnames ?? []).map((name) => withoutFinalDot(name.toLowerCase()))),
  };
}

/** An absolute name (`example.com.`) and the same without its final dot reach one host. */
export function withoutFinalDot(name: string): string {
  return name.replace(/\.$/, '');
}

/** One notation for every address, an IPv4-mapped one as IPv4. */
export function addressToCompare(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}
