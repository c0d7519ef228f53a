import { msg } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Code, EndpointValue, Field, Fields, Tab, TheApp, TheVendor, TokenValue, type ProviderGuide } from '../guide';

const ROLES = 'roles: [{ "value": "admin", "type": "Administrator" }]';

export const CUSTOM_GUIDE: ProviderGuide = {
  variants: [
    {
      id: 'custom',
      label: msg`SCIM 2.0 client`,
      intro: <Trans>For any identity provider or script that speaks SCIM 2.0 (RFC 7643 and 7644).</Trans>,
      steps: [
        {
          id: 'custom-connect',
          title: msg`Enter the connection`,
          doneBy: 'first_request_time',
          body: (values) => (
            <Fields>
              <Field name={msg`Base URL`}>
                <EndpointValue values={values} />
              </Field>
              <Field name={msg`Authentication`}>
                <TokenValue values={values} />
                <p>
                  <Trans>
                    Send it as <Code>Authorization: Bearer …</Code>
                  </Trans>
                </p>
              </Field>
              <Field name={msg`SCIM version`}>2.0</Field>
              <Field name={msg`Unique identifier`}>
                <Code>userName</Code>
              </Field>
              <Field name={msg`Content type`}>
                <Trans>
                  <Code>application/scim+json</Code> or <Code>application/json</Code>
                </Trans>
              </Field>
            </Fields>
          ),
        },
        {
          id: 'custom-test',
          title: msg`Send a first request`,
          doneBy: 'first_request_time',
          body: () => (
            <p>
              <Trans>
                Use the test of your provider, or the command under “Test from a terminal” below. The answer is 200 with
                an empty list, and this page turns to Connected.
              </Trans>
            </p>
          ),
        },
        {
          id: 'custom-features',
          title: msg`Choose what your client may use`,
          body: () => (
            <ul>
              <li>
                <Trans>
                  <Code>/Users</Code> and <Code>/Groups</Code> with GET, POST, PUT, PATCH and DELETE
                </Trans>
              </li>
              <li>
                <Trans>Filters, sorting and paging; the core and the enterprise user schema; your own extensions</Trans>
              </li>
              <li>
                <Trans>
                  <Code>/Bulk</Code>, <Code>/.search</Code>, and discovery by <Code>/ServiceProviderConfig</Code>,{' '}
                  <Code>/Schemas</Code> and <Code>/ResourceTypes</Code>
                </Trans>
              </li>
            </ul>
          ),
        },
        {
          id: 'custom-send',
          title: msg`Send users, then groups`,
          doneBy: 'first_user_time',
          body: () => (
            <p>
              <Trans>
                Create users first, so that the members of groups are known. Deactivate a user with{' '}
                <Code>active: false</Code> rather than DELETE if the person may come back.
              </Trans>
            </p>
          ),
        },
        {
          id: 'custom-verify',
          title: msg`Compare, then send everybody`,
          body: () => (
            <p>
              <Trans>
                Begin with two or three people. Look at <Tab>Users</Tab> and <Tab>Groups</Tab> here: they are there,
                with the right names and addresses, and in their groups. Then send the others, and compare the numbers
                here with the source of your client.
              </Trans>
            </p>
          ),
        },
        {
          id: 'custom-deactivate',
          title: msg`Take a test person out again`,
          doneBy: 'first_deactivation_time',
          body: () => (
            <p>
              <Trans>
                Send <Code>active: false</Code> for one person, or DELETE. They are inactive here, or gone.
              </Trans>
            </p>
          ),
        },
      ],
    },
  ],
  notes: [
    {
      title: msg`Google Workspace`,
      body: (
        <p>
          <Trans>
            Google sends SCIM only to apps of its own catalog, not to an endpoint of your choice. If <TheApp /> is not
            in that catalog, use another identity provider here, or a tool that reads Google’s directory and speaks
            SCIM.
          </Trans>
        </p>
      ),
    },
    {
      title: msg`Roles`,
      body: (
        <p>
          <Trans>
            Send <Code>{ROLES}</Code> with a user, or let a group stand for a role. Ask <TheVendor /> which roles there
            are.
          </Trans>
        </p>
      ),
    },
    {
      title: msg`When somebody leaves`,
      body: (
        <p>
          <Trans>
            A user with <Code>active: false</Code> loses the access to <TheApp /> and can come back as the same user.
            DELETE removes them.
          </Trans>
        </p>
      ),
    },
  ],
};
