import { Code, EndpointValue, Field, Fields, TokenValue, Value, type ProviderGuide } from '../guide';

export const CUSTOM_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'custom',
      label: 'SCIM 2.0 client',
      intro: 'For any identity provider or script that speaks SCIM 2.0 (RFC 7643 and 7644).',
      steps: [
        {
          id: 'custom-connect',
          title: 'Enter the connection',
          body: (values) => (
            <Fields>
              <Field name="Base URL">
                <EndpointValue values={values} />
              </Field>
              <Field name="Authentication">
                <TokenValue values={values} />
                <p>
                  Send it as <Code>Authorization: Bearer …</Code>
                </p>
              </Field>
              <Field name="SCIM version">2.0</Field>
              <Field name="Unique identifier">
                <Code>userName</Code>
              </Field>
              <Field name="Content type">
                <Code>application/scim+json</Code> or <Code>application/json</Code>
              </Field>
            </Fields>
          ),
        },
        {
          id: 'custom-test',
          title: 'Send a first request',
          body: (values) => (
            <>
              <p>Use the test of your provider, or a terminal with the token in the variable TOKEN:</p>
              <Value
                label="test command"
                value={`curl -H "Authorization: Bearer $TOKEN" "${values.endpoint}/Users?startIndex=1&count=2"`}
              />
              <p>The answer is 200 with an empty list, and the connection card here turns to Connected.</p>
            </>
          ),
        },
        {
          id: 'custom-features',
          title: 'Choose what your client may use',
          body: () => (
            <ul>
              <li>
                <Code>/Users</Code> and <Code>/Groups</Code> with GET, POST, PUT, PATCH and DELETE
              </li>
              <li>Filters, sorting and paging; the core and the enterprise user schema; your own extensions</li>
              <li>
                <Code>/Bulk</Code>, <Code>/.search</Code>, and discovery by <Code>/ServiceProviderConfig</Code>,{' '}
                <Code>/Schemas</Code> and <Code>/ResourceTypes</Code>
              </li>
            </ul>
          ),
        },
        {
          id: 'custom-send',
          title: 'Send users, then groups',
          body: () => (
            <p>
              Create users first, so that the members of groups are known. Deactivate a user with{' '}
              <Code>active: false</Code> rather than DELETE if the person may come back.
            </p>
          ),
        },
      ],
    },
  ],
  notes: [],
};
