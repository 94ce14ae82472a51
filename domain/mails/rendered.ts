// Made from mails/ by `npm run mails`, not by hand.

export const layout = {
  html: '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html dir="ltr" lang="{{language}}"><head><meta name="viewport" content="width=device-width"/><meta content="text/html; charset=UTF-8" http-equiv="Content-Type"/><meta name="x-apple-disable-message-reformatting"/><meta name="color-scheme" content="light dark"/><meta name="supported-color-schemes" content="light dark"/><title>{{heading}}</title><style>:root{color-scheme:light dark}@media(prefers-color-scheme:dark){.page,.page td[lang]{background-color:#16120d!important}.card{background-color:#221c14!important}.ink{color:#f7eee0!important}.soft{color:#bfae96!important}.mark,.code{color:#ffc85c!important}.code,.quote{background-color:#35260c!important}.quote{color:#f7eee0!important}.action{background-color:#ffc85c!important;color:#221c14!important}}</style></head><body class="page" lang="{{language}}" dir="ltr" style="background-color:#fffaf0;margin:0;padding:0"><table border="0" width="100%" cellPadding="0" cellSpacing="0" role="presentation" align="center"><tbody><tr><td dir="ltr" lang="{{language}}" style="margin:0;background-color:#fffaf0;padding:24px 12px"><table align="center" width="100%" class="card" border="0" cellPadding="0" cellSpacing="0" role="presentation" style="max-width:480px;border-top:4px solid #f5ab0c;border-radius:14px;background-color:#ffffff"><tbody><tr style="width:100%"><td><table align="center" width="100%" border="0" cellPadding="0" cellSpacing="0" role="presentation"><tbody style="width:100%"><tr style="width:100%"><td class="ink" data-id="__react-email-column" style="padding:28px;color:#2b2013;text-align:left;overflow-wrap:anywhere;font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif"><p class="mark" data-skip-in-text="true" style="font-size:16px;line-height:1.5;margin:0 0 16px;color:#855000;font-weight:700;margin-top:0;margin-right:0;margin-bottom:16px;margin-left:0">honeyDue</p><h1 style="margin:0 0 16px;font-size:22px;line-height:1.25">{{heading}}</h1>{{body}}</td></tr></tbody></table></td></tr></tbody></table></td></tr></tbody></table></body></html>',
  text: '{{heading}}\n\n{{body}}',
} as const;

export const footer = {
  html: '<p class="soft" style="font-size:13px;line-height:1.5;color:#6a5a45;margin:24px 0 0;margin-top:24px;margin-right:0;margin-bottom:0;margin-left:0">{{text}}</p>',
  text: '{{text}}',
} as const;

export const footerWithLink = {
  html: '<p class="soft" style="font-size:13px;line-height:1.5;color:#6a5a45;margin:24px 0 0;margin-top:24px;margin-right:0;margin-bottom:0;margin-left:0">{{text}} <a class="soft" href="{{url}}" style="color:#6a5a45;text-decoration-line:none;text-decoration:underline" target="_blank">{{label}}</a></p>',
  text: '{{text}} {{label}} <{{url}}>',
} as const;

export const paragraph = {
  html: '<p style="font-size:16px;line-height:1.5;margin:0 0 16px;margin-top:0;margin-right:0;margin-bottom:16px;margin-left:0">{{text}}</p>',
  text: '{{text}}',
} as const;

export const code = {
  html: '<p class="code" style="font-size:14px;line-height:24px;margin:0 0 16px;padding:14px 0;border-radius:10px;background-color:#ffe9bd;color:#2b2013;text-align:center;font:700 34px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:6px;text-indent:6px;-webkit-user-select:all;user-select:all;margin-top:0;margin-right:0;margin-bottom:16px;margin-left:0">{{code}}</p>',
  text: '{{code}}',
} as const;

export const action = {
  html: '<p style="font-size:16px;line-height:1.5;margin:24px 0;margin-top:24px;margin-right:0;margin-bottom:24px;margin-left:0"><a class="action" href="{{url}}" style="line-height:100%;text-decoration:none;display:inline-block;max-width:100%;mso-padding-alt:0px;padding:12px 20px;border-radius:10px;background-color:#855000;color:#ffffff;font-weight:700;padding-top:12px;padding-right:20px;padding-bottom:12px;padding-left:20px" target="_blank"><span><!--[if mso]><i style="mso-font-width:500%;mso-text-raise:18px" hidden>&#8202;&#8202;</i><![endif]--></span><span style="max-width:100%;display:inline-block;line-height:120%;mso-padding-alt:0px;mso-text-raise:9px">{{label}}</span><span><!--[if mso]><i style="mso-font-width:500%" hidden>&#8202;&#8202;&#8203;</i><![endif]--></span></a></p>',
  text: '{{label}} <{{url}}>',
} as const;

export const quote = {
  html: '<blockquote class="quote" style="margin:0 0 16px;padding:12px 16px;border-radius:10px;background-color:#ffe9bd;color:#2b2013">{{lines}}</blockquote>',
  text: '> {{lines}}',
} as const;

export const home = {
  html: '<h2 style="margin:24px 0 12px;font-size:19px;line-height:1.25">{{name}}</h2>',
  text: '{{name}}',
} as const;

export const boardColumn = {
  html: '<h3 style="margin:0 0 8px;padding-left:10px;border-left:4px solid {{color}};font-size:16px;line-height:1.25">{{name}}</h3>{{tasks}}',
  text: '{{name}}\n\n{{tasks}}',
} as const;

export const list = {
  html: '<ul style="margin:0 0 16px;padding-left:22px">{{items}}</ul>',
  text: '{{items}}',
} as const;

export const item = {
  html: '<li style="margin:0 0 8px">{{text}}</li>',
  text: ' * {{text}}',
} as const;

export const datedItem = {
  html: '<li style="margin:0 0 8px">{{text}}<br/><span class="soft" style="color:#6a5a45;font-size:13px;line-height:1.5">{{when}}</span></li>',
  text: ' * {{text}}\n   {{when}}',
} as const;
