import type { AttributeDefinition, SchemaDefinition } from './schema';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';

const primary: AttributeDefinition = {
  name: 'primary',
  type: 'boolean',
  description: 'Whether this is the preferred value; true for one value at most.',
};

/** The User schema (RFC 7643 §4.1, §8.7.1). Canonical values are suggestions: identity providers send their own. */
export const userSchema: SchemaDefinition = {
  id: USER_URN,
  name: 'User',
  description: 'User Account',
  aliases: ['urn:scim:schemas:core:1.0', 'urn:scim:schemas:core:2.0', 'urn:scim:schemas:core:2.0:User'],
  attributes: [
    {
      name: 'userName',
      type: 'string',
      required: true,
      uniqueness: 'server',
      description:
        'The name by which the user is known to the identity provider; unique in the directory without regard to case.',
    },
    {
      name: 'name',
      type: 'complex',
      description: 'The components of the user’s name.',
      subAttributes: [
        text('formatted', 'The full name, formatted for display.'),
        text('familyName', 'The family name.'),
        text('givenName', 'The given name.'),
        text('middleName', 'The middle names.'),
        text('honorificPrefix', 'The honorific prefixes, or title.'),
        text('honorificSuffix', 'The honorific suffixes.'),
      ],
    },
    text('displayName', 'The name of the user, suitable for display.'),
    text('nickName', 'The casual way to address the user.'),
    reference('profileUrl', ['external'], 'The URL of the user’s online profile.'),
    text('title', 'The user’s title, such as “Vice President”.'),
    text('userType', 'The relationship between the organization and the user.'),
    text('preferredLanguage', 'The user’s preferred languages, as an Accept-Language value.'),
    text('locale', 'The user’s default location for localizing, as a BCP 47 language tag.'),
    text('timezone', 'The user’s time zone, as an IANA name such as “Europe/Berlin”.'),
    { name: 'active', type: 'boolean', keptWhenUnassigned: true, description: 'Whether the user may sign in.' },
    {
      name: 'password',
      type: 'string',
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
      description: 'A password for the user; accepted and never returned.',
    },
    values('emails', text('value', 'The address.'), ['work', 'home', 'other'], 'Email addresses for the user.'),
    values(
      'phoneNumbers',
      text('value', 'The number.'),
      ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
      'Phone numbers for the user.',
    ),
    values(
      'ims',
      text('value', 'The address.'),
      ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
      'Instant messaging addresses for the user.',
    ),
    values(
      'photos',
      reference('value', ['external'], 'The URL.'),
      ['photo', 'thumbnail'],
      'URLs of photos of the user.',
    ),
    {
      name: 'addresses',
      type: 'complex',
      multiValued: true,
      description: 'Physical mailing addresses for the user.',
      subAttributes: [
        text('formatted', 'The full mailing address, formatted for display.'),
        text('streetAddress', 'The street and house number.'),
        text('locality', 'The city or locality.'),
        text('region', 'The state or region.'),
        text('postalCode', 'The postal code.'),
        text('country', 'The country, as an ISO 3166-1 alpha-2 code.'),
        { ...text('type', 'What the address is for.'), canonicalValues: ['work', 'home', 'other'] },
        primary,
      ],
    },
    {
      name: 'groups',
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      description: 'The groups to which the user belongs; changed through the Group resource only.',
      subAttributes: [
        { ...text('value', 'The id of the group.'), caseExact: true, mutability: 'readOnly' },
        { ...reference('$ref', ['Group'], 'The URI of the group.'), mutability: 'readOnly' },
        { ...text('display', 'The group’s name.'), mutability: 'readOnly' },
        {
          ...text('type', 'How the user belongs to the group.'),
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
        },
      ],
    },
    {
      ...values('entitlements', text('value', 'The entitlement.'), [], 'Entitlements of the user.'),
      plainValues: true,
    },
    { ...values('roles', text('value', 'The role.'), [], 'Roles of the user.'), plainValues: true },
    values(
      'x509Certificates',
      { name: 'value', type: 'binary', caseExact: true, description: 'The DER-encoded certificate in base64.' },
      [],
      'Certificates issued to the user.',
    ),
  ],
};

function text(name: string, description: string): AttributeDefinition {
  return { name, type: 'string', description };
}

function reference(name: string, referenceTypes: readonly string[], description: string): AttributeDefinition {
  return { name, type: 'reference', caseExact: true, referenceTypes, description };
}

/** A multi-valued attribute with the sub-attributes of RFC 7643 §2.4. */
function values(
  name: string,
  value: AttributeDefinition,
  types: readonly string[],
  description: string,
): AttributeDefinition {
  const type = text('type', 'What the value is for.');
  return {
    name,
    type: 'complex',
    multiValued: true,
    description,
    subAttributes: [
      value,
      text('display', 'A name for the value, suitable for display.'),
      types.length === 0 ? type : { ...type, canonicalValues: types },
      primary,
    ],
  };
}
