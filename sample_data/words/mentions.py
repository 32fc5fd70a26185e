"""What honest viewers type about paying elsewhere: they warn, ask, quote a host or the rules.

By market, in the order of RULES. The same words stand in the cues of fraudsters
(`words.comments.PAYMENT`), so that whoever searches for words alone accuses these people.
"""

from typing import Final

from sample_data.words.listed import lines

RULES: Final = ("warning", "question", "quote", "policy")

WARNINGS: Final = (
    lines("""
        guys do not pay outside the app
        never send a deposit first to anybody here
        please don't pay by bank transfer, you get nothing back
        beware, last week someone here wrote pay by transfer and vanished
        do not skip the checkout or you have no protection
        it is a scam if they want a transfer because it is cheaper by transfer
        I would never pay direct for this
    """),
    lines("""
        do not pay her direct, you lose your cover
        never pay outside the app folks
        careful, cheaper by bank transfer is what the scammer said last time
        don't send a deposit, my gran lost money that way
        please do not message her directly for a deal
    """),
    lines("""
        don't pay outside the app ah
        不要私下转账 会被骗
        小心 私下交易都是骗子
        jangan transfer terus nanti kena tipu
        never pay direct hor, no refund one
        请勿直接转账
    """),
    lines("""
        jangan transfer langsung ya nanti tertipu
        jangan bayar di luar aplikasi kak
        hati-hati yang minta kirim DP itu penipu
        awas penipuan, jangan kirim DP dulu
        jangan mau diajak bayar langsung
    """),
)
QUESTIONS: Final = (
    lines("""
        can I pay by transfer?
        is it safe to pay outside the app?
        do I have to send a deposit first?
        do you take direct payment or only through here?
        why would anyone pay outside the platform?
    """),
    lines("""
        can we pay by bank transfer or only on here?
        is it ok to pay her direct?
        do I have to skip the checkout for the bundle?
        should I pay outside the app or is that a no?
    """),
    lines("""
        can I pay by transfer or only here?
        可以私下转账吗
        能直接转账吗?
        boleh bayar terus ke?
        is it safe to pay direct?
    """),
    lines("""
        bisa transfer langsung tidak?
        apakah boleh bayar di luar aplikasi?
        boleh bayar langsung kak?
        apa harus kirim DP dulu?
    """),
)
QUOTES: Final = (
    lines("""
        the last host said "pay by transfer, message me" so I left
        someone wrote "cheaper by bank transfer" under my comment, blocked
        she told me to pay outside the app and I said no
        a seller asked me to send a deposit first, I reported it
    """),
    lines("""
        another host asked me to pay her direct, no thanks
        he wrote "skip the checkout, half price" and I left
        a seller told me to pay by bank transfer last month, never again
        I reported the one who said "deposit first, rest when it comes"
    """),
    lines("""
        last host told me to pay direct, I run
        昨天有个主播叫我私下转账 我举报了
        有人说“加好友私下转账更便宜”我没理
        one seller wrote "deposit first" so I report already
    """),
    lines("""
        kemarin ada yang bilang "transfer langsung lebih murah" saya blokir
        saya disuruh kirim DP sama host lain, saya laporkan
        host sebelah minta saya bayar di luar aplikasi
        ada yang tulis "order lewat luar aplikasi saja" hati-hati
    """),
)
POLICIES: Final = (
    lines("""
        paying outside the app is against the rules
        it is not allowed to pay by transfer here
        direct payment is prohibited, read the terms
        they say pay outside the platform is forbidden for a reason
    """),
    lines("""
        paying her outside the app is not allowed
        direct payment breaks the rules here
        it is against policy to pay by bank transfer
    """),
    lines("""
        pay outside the app is not allowed one
        平台禁止私下交易
        私下转账违反规定
        direct payment is banned here
    """),
    lines("""
        bayar di luar aplikasi itu dilarang
        transfer langsung melanggar aturan
        dilarang bayar langsung ke host
    """),
)
BY_RULE: Final = (WARNINGS, QUESTIONS, QUOTES, POLICIES)
ENDINGS: Final = ("", "", "", " ok", " :)", " lol", "!!")
"""What may stand after it; a question ends as it is."""
