"""The collections about people at the portal: who they are, what they are offered and told."""

from sandbox.erp import records
from sandbox.erp.collection import (
    AS_OF,
    BY_CLIENT,
    BY_ID,
    CLIENT,
    Collection,
    Filter,
    FilterKind,
    Key,
    KeyKind,
    Order,
    number_of,
)
from sandbox.erp.rendering import (
    boolean,
    escaped,
    identifier,
    integer,
    json,
    text,
)

ACCOUNTS = Collection(
    "accounts", records.Account, "(SELECT * FROM account WHERE client_numbers <> '[]')",
    {
        "login": escaped("t.login"), "email": escaped("t.email"), "firstName": escaped("t.first_name"),
        "surname": escaped("t.surname"), "displayName": escaped("t.display_name"),
        "companyName": escaped("t.company_name"), "clientNumbers": json("t.client_numbers"),
        "role": text("t.role"),
        "language": text("t.language"), "asOf": AS_OF,
    },
    get_by={"login": Key(KeyKind.TEXT, "t.login = k.value")},
    list_by={
        "client": Key(
            KeyKind.CLIENT, "t.login IN (SELECT u.login FROM account_client u WHERE u.client = k.value)",
            whole=True,
        )
    },
    order=Order("login", descending=False, then_id=False),
)  # fmt: skip

PROMOTIONS = Collection(
    "promotions", records.Promotion,
    """(SELECT c.id AS client, p.* FROM promotion p CROSS JOIN client c
        WHERE :today BETWEEN p.valid_from AND p.valid_to AND CASE p.audience
            WHEN 'NO_CONTRACTS' THEN NOT EXISTS (SELECT 1 FROM contract o WHERE o.client = c.id)
            WHEN 'CONTRACT_ENDING' THEN EXISTS (SELECT 1 FROM contract o WHERE o.client = c.id
                AND o.status = 'ACTIVE' AND o.ends_on BETWEEN :today AND date(:today, '+6 months'))
            ELSE 1 END)""",
    {
        "code": text("t.code"), "clientNumber": CLIENT, "slot": text("t.slot"), "title": json("t.title"),
        "body": json("t.body"), "imageUrl": escaped("t.image_url"), "link": escaped("t.link"),
        "validFrom": text("t.valid_from"), "validTo": text("t.valid_to"), "priority": integer("t.priority"),
        "audience": text("t.audience"), "dismissible": boolean("t.dismissible"), "asOf": AS_OF,
    },
    list_by={"client": Key(KeyKind.CLIENT, "t.client = k.value", whole=True)},
    order=Order("priority", descending=False),
)  # fmt: skip

NOTIFICATIONS = Collection(
    "notifications", records.Notification, "notification",
    {
        "id": identifier("t.id"), "clientNumber": CLIENT, "kind": text("t.kind"),
        "invoiceNumber": number_of("invoice", "t.invoice"), "subject": escaped("t.subject"),
        "createdAt": text("t.created_at"), "deliveries": json("t.deliveries"), "asOf": AS_OF,
    },
    get_by={"id": BY_ID},
    list_by={"client": BY_CLIENT},
    order=Order("created_at", descending=True),
    filters={
        "exceptIds": Filter(
            FilterKind.CODES, "t.id NOT IN (SELECT CAST(value AS INTEGER) FROM json_each(:exceptIds))"
        )
    },
)  # fmt: skip
