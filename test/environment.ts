/** What `outsidePorts` can't do without. Nothing listens there. */
export const SES = {
  SES_REGION: 'us-east-1',
  SES_ACCESS_KEY_ID: 'id',
  SES_SECRET_ACCESS_KEY: 'secret',
  MAIL_FROM: 'honeyDue <home@honeydue.example>',
};
export const B2 = {
  B2_ENDPOINT: 'https://s3.us-east-005.backblazeb2.com',
  B2_REGION: 'us-east-005',
  B2_BUCKET: 'honeydue',
  B2_ACCESS_KEY_ID: 'id',
  B2_SECRET_ACCESS_KEY: 'secret',
};
