# The site's mail server: it keeps what it is sent in a mailbox.
FROM stand-in
COPY postfix.cf /etc/postfix/main.cf
RUN mkdir -p /var/mail/kept && chown nobody /var/mail/kept && postconf -F '*/*/chroot = n'
CMD ["postfix", "start-fg"]
