import type { Messages } from "./problem.ts";

/**
 * The Hebrew texts, worded without addressing a man or a woman.
 *
 * U+2068 and U+2069 stand around a placeholder: they keep a left-to-right value such as
 * `Order.Items[3]` in one piece inside the right-to-left sentence.
 */
export const he: Messages = {
  problems: {
    not_found: "לא נמצא דבר בכתובת זו. נא לבדוק את הכתובת.",
    method_not_allowed: "לא ניתן לפנות לכתובת זו בדרך זו. נא לבדוק את שיטת הבקשה.",
    body_timeout: "הבקשה לא הגיעה במלואה בזמן. נא לנסות שוב.",
    body_too_large: "הבקשה גדולה מדי. הגודל המרבי הוא \u2068{limit}\u2069 בתים.",
    too_many_events: "המשלוח מכיל יותר מדי אירועים. לכל היותר מתקבלים \u2068{limit}\u2069.",
    unsupported_media_type:
      "הבקשה חייבת להכיל JSON בקידוד UTF-8 ללא דחיסה, אך היא נשלחה בתור „\u2068{found}\u2069”.",
    malformed_host: "הבקשה אינה מציינת באופן קריא לאיזה מארח נשלחה.",
    host_not_allowed:
      "שרת זה אינו מוכר בשם \u2068{host}\u2069. כדי לאפשר את השם, יש להוסיף אותו ל-\u2068{setting}\u2069 בתצורה.",
    not_utf8: "לא ניתן לקרוא את הבקשה, כי הטקסט שלה אינו מקודד ב-UTF-8.",
    not_json: "לא ניתן לקרוא את הבקשה, כי היא אינה JSON תקין.",
    too_deep: "לא ניתן לעבד את הבקשה, כי יש בנתונים יותר מדי רמות קינון.",
    signature_mismatch: "חתימת הבקשה חסרה או שגויה.",
    wrong_shape:
      "החנות שלחה נתונים שלא ניתן לעבד. ערך נדרש ב-\u2068{path}\u2069: {wanted}; ערך שנמצא: \u2068{found}\u2069.",
    refused: "לא ניתן לקבל הזמנה זו. נא לפנות לחנות.",
    undecided: "אין כלל שקובע כיצד לטפל בהזמנה זו. נא לפנות לחנות.",
    unassigned_items:
      "לא ניתן היה לשייך יצרן לפריטים הבאים בהזמנה: \u2068{items}\u2069. נא לפנות לחנות.",
    conflicting_items:
      "יש בהזמנה כמה שורות עם המזהה \u2068{item}\u2069, ולא ניתן לטפל בהן באותו אופן. נא לפנות לחנות.",
    unreadable_custom_configuration:
      "לא ניתן לקרוא את ההגדרות המותאמות אישית של ההזמנה: „\u2068{value}\u2069”. הצורה הנדרשת: „\u2068{example}\u2069”. נא לפנות לחנות.",
    list_has_errors: "נא לתקן את הפריטים הבאים לפני ייצוא הרשימה: \u2068{items}\u2069.",
    no_tax_rate: "לא ידוע שיעור מס לפריטים הבאים בהזמנה: \u2068{items}\u2069. נא לפנות לחנות.",
    too_many_requests: "הכתובת הזו נקראה פעמים רבות מדי בזמן קצר. נא לנסות שוב בעוד מספר רגעים.",
    overloaded: "השרת מטפל כעת בבקשות רבות מדי. נא לנסות שוב בעוד מספר רגעים.",
    internal_error: "אירעה שגיאה בלתי צפויה. נא לנסות שוב. אם השגיאה חוזרת, נא לפנות לחנות.",
    unavailable: "השירות אינו זמין כרגע. נא לנסות שוב בעוד מספר רגעים.",
    service_failed: "לא ניתן לבדוק הזמנה זו כרגע. נא לנסות שוב בעוד מספר דקות.",
  },
  wanted: {
    number: "מספר",
    text: "טקסט",
    object: "רכיב בעל שדות משלו",
    list: "רשימה",
    items: "פריטים או רשימה ריקה",
    id: "מזהה",
    present: "ערך כלשהו",
  },
  nothing: "אין ערך",
};
