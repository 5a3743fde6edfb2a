(getaddrinfo "10.0.0.256" "http" AI_NUMERICHOST)
