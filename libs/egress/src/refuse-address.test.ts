import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPolicy } from './create-policy';
import { refuseAddress } from './refuse-address';

const policy = createPolicy({ allowPrivateTargets: false, ownAddresses: ['8.8.4.4', '2001:4860:4860:0::8844'] });

describe('refuseAddress', () => {
  it.each([
    ['this network', '0.0.0.0'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['CGNAT', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local, cloud metadata', '169.254.169.254'],
    ['IETF protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarking', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped private', '::ffff:a00:1'],
    ['IPv4-compatible loopback', '::7f00:1'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['local NAT64', '64:ff9b:1::1'],
    ['discard', '100::1'],
    ['Teredo', '2001:0:1::'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['6to4', '2002:7f00:1::'],
    ['unassigned unicast', '4000::1'],
    ['segment routing', '5f00::1'],
    ['unique local', 'fc00::1'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['no address', ''],
    ['no address', 'example.com'],
  ])('refuses %s %s', (_range, address) => expect(refuseAddress(address, policy)).toBe('address_not_public'));

  it.each(['1.1.1.1', '8.8.8.8', '93.184.216.34', '::ffff:8.8.8.8', '2606:4700::1111', '2a00:1450:4001::1'])(
    'lets public unicast %s through',
    (address) => expect(refuseAddress(address, policy)).toBeNull(),
  );

  it.each(['8.8.4.4', '::ffff:8.8.4.4', '::ffff:808:404', '2001:4860:4860::8844'])(
    'refuses this machine as %s although it is public',
    (address) => expect(refuseAddress(address, policy)).toBe('own_address'),
  );

  it('judges an IPv4-mapped address as the IPv4 address it reaches', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(refuseAddress(`::ffff:${address}`, policy)).toBe(refuseAddress(address, policy));
      }),
    );
  });

  it('lets every address through where private targets are allowed', () => {
    const open = createPolicy({ allowPrivateTargets: true, ownAddresses: ['127.0.0.1'] });
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('127.0.0.1')), (address) => {
        expect(refuseAddress(address, open)).toBeNull();
      }),
    );
  });
});
