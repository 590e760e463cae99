import { defineMessages } from "@/i18n/message";

export const m = defineMessages({
  title: { zh: "登录 Leadline", en: "Sign in to Leadline" },
  hint: {
    zh: "请输入管理员给您的访问令牌。令牌只用来换取登录状态，不保存在浏览器里。",
    en: "Enter the access token that your administrator gave you. It is exchanged for a session and not kept in the browser.",
  },
  token: { zh: "访问令牌", en: "Access token" },
  signIn: { zh: "登录", en: "Sign in" },
  wrong: { zh: "令牌不对。请核对后再试。", en: "This token is not right. Check it and try again." },
  tagline: { zh: "渠道情报，句句有据", en: "Channel intelligence, every figure sounded" },
});
