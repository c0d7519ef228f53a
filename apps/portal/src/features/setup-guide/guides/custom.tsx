import { Code, EndpointValue, Field, Fields, TheApp, TheVendor, TokenValue, Ui, type ProviderGuide } from '../guide';

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
          doneBy: 'first_request_time',
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
          doneBy: 'first_request_time',
          body: () => (
            <p>
              Use the test of your provider, or the command under “Test from a terminal” below. The answer is 200 with
              an empty list, and this page turns to Connected.
            </p>
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
          doneBy: 'first_user_time',
          body: () => (
            <p>
              Create users first, so that the members of groups are known. Deactivate a user with{' '}
              <Code>active: false</Code> rather than DELETE if the person may come back.
            </p>
          ),
        },
        {
          id: 'custom-verify',
          title: 'Compare, then send everybody',
          body: () => (
            <p>
              Begin with two or three people. Look at <Ui>Users</Ui> and <Ui>Groups</Ui> here: they are there, with the
              right names and addresses, and in their groups. Then send the others, and compare the numbers here with
              the source of your client.
            </p>
          ),
        },
        {
          id: 'custom-deactivate',
          title: 'Take a test person out again',
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              Send <Code>active: false</Code> for one person, or DELETE. They are inactive here, or gone.
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: 'Google Workspace',
      body: (
        <p>
          Google sends SCIM only to apps of its own catalog, not to an endpoint of your choice. If <TheApp /> is not in
          that catalog, use another identity provider here, or a tool that reads Google’s directory and speaks SCIM.
        </p>
      ),
    },
    {
      title: 'Roles',
      body: (
        <p>
          Send <Code>{'roles: [{ "value": "admin", "type": "Administrator" }]'}</Code> with a user, or let a group stand
          for a role. Ask <TheVendor /> which roles there are.
        </p>
      ),
    },
    {
      title: 'When somebody leaves',
      body: (
        <p>
          A user with <Code>active: false</Code> loses the access to <TheApp /> and can come back as the same user.
          DELETE removes them.
        </p>
      ),
    },
  ],
};
